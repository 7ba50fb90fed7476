package io.espalier.masks.structure;

/**
 * The channels that flow between two layers, in order. One channel may occur more than once: a
 * flattened image has each of its channels as many times as that has pixels.
 *
 * <p>Made by a {@link DependencyGraph}, and of use to that one only. Immutable.
 */
public final class ChannelPort {
  private final int[] atoms;

  /** Takes ownership of {@code atoms}: for each place the number of its channel. */
  ChannelPort(int[] atoms) {
    this.atoms = atoms;
  }

  /** Number of places. */
  public int size() {
    return atoms.length;
  }

  int atom(int place) {
    return atoms[place];
  }
}
