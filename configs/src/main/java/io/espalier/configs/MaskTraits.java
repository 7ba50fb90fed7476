package io.espalier.configs;

import java.util.Optional;

/**
 * Says what a mask kind can be combined with.
 *
 * @param mayReturn whether pruned units live on and may return at any update
 * @param regrows whether a rule of {@code prune.regrowth} may exchange units, which start at 0
 * @param channels whether whole channels may be pruned and cut
 * @param federates whether clients of a federation may train under it
 * @param fading how long pruned units still take part at random; empty if they do not
 */
public record MaskTraits(
    boolean mayReturn,
    boolean regrows,
    boolean channels,
    boolean federates,
    Optional<Span> fading) {
  /** Pruned units are 0 for good, which goes together with everything. */
  public static final MaskTraits PERMANENT =
      new MaskTraits(false, true, true, true, Optional.empty());

  /** Pruned units live on unseen and may return. */
  public static final MaskTraits RETURNING =
      new MaskTraits(true, false, true, false, Optional.empty());

  /** Pruned units take part at random for a while. */
  public static MaskTraits fading(Optional<Span> over) {
    return new MaskTraits(false, false, true, false, over);
  }

  public MaskTraits withoutChannels() {
    return new MaskTraits(mayReturn, regrows, false, federates, fading);
  }
}
