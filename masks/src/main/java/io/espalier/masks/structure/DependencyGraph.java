package io.espalier.masks.structure;

import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects which channels of a network can only go together, layer by layer, and finds its groups
 * (Fang, Ma, Song, Mi and Wang, "DepGraph: Towards Any Structural Pruning", 2023). In the paper a
 * group is the set reachable from a starting layer. Here it is an equivalence class: channels that
 * must be equal are united into one. Time and memory are near-linear in places of ports and indices
 * of axes. Not thread-safe.
 */
public final class DependencyGraph {
  private final DisjointSets atoms = new DisjointSets();
  private final Map<Integer, PruningConstraint> obstacles = new LinkedHashMap<>();
  private final List<IndexedAxis> axes = new ArrayList<>();
  private final Map<ParameterId, ParameterShape> parameters = new LinkedHashMap<>();
  private final Map<ParameterId, List<Integer>> axesOf = new HashMap<>();
  private final List<Integer> firstOfBlocks = new ArrayList<>();
  private final List<Integer> firstOfHeads = new ArrayList<>();

  /** An axis of a parameter that has one index for each place of a port. */
  record IndexedAxis(ParameterId parameter, int axis, ChannelPort port) {}

  /** New channels, such as a convolution gives. */
  public ChannelPort channels(int count) {
    int[] fresh = new int[count];
    for (int place = 0; place < count; place++) {
      fresh[place] = atoms.add();
    }
    return new ChannelPort(fresh);
  }

  public ChannelPort joined(List<ChannelPort> ports) {
    int[] joined = new int[ports.stream().mapToInt(ChannelPort::size).sum()];
    int at = 0;
    for (ChannelPort port : ports) {
      for (int place = 0; place < port.size(); place++) {
        joined[at++] = port.atom(place);
      }
    }
    return new ChannelPort(joined);
  }

  /** Repeats each place of a port {@code times} times in a row, as flattening an image does. */
  public ChannelPort repeated(ChannelPort port, int times) {
    int[] repeated = new int[port.size() * times];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = port.atom(i / times);
    }
    return new ChannelPort(repeated);
  }

  /** The places of a port in rows of one length, read column by column, as a shuffle deals them. */
  public ChannelPort transposed(ChannelPort port, int rows) {
    int columns = port.size() / rows;
    requireSize(rows * columns, port);
    int[] transposed = new int[port.size()];
    for (int place = 0; place < transposed.length; place++) {
      transposed[place] = port.atom(place % rows * columns + place / rows);
    }
    return new ChannelPort(transposed);
  }

  /** Ties two ports of one size place by place, as in a sum. */
  public void tie(ChannelPort one, ChannelPort other) {
    requireSize(one.size(), other);
    for (int place = 0; place < one.size(); place++) {
      atoms.unite(one.atom(place), other.atom(place));
    }
  }

  /**
   * Cuts a port into parts of one size whose channels in the same place go together, as a grouped
   * convolution needs. Returns the first part, which stands for all.
   */
  public ChannelPort tiedParts(ChannelPort port, int parts) {
    int size = port.size() / parts;
    requireSize(parts * size, port);
    int[] first = new int[size];
    for (int place = 0; place < port.size(); place++) {
      first[place % size] = port.atom(place % size);
      atoms.unite(port.atom(place % size), port.atom(place));
    }
    return new ChannelPort(first);
  }

  /** Cuts a port into blocks of one size that each go as a whole, as a norm over blocks needs. */
  public void unitedBlocks(ChannelPort port, int blocks) {
    int size = port.size() / blocks;
    requireSize(blocks * size, port);
    for (int start = 0; start < port.size(); start += size) {
      int first = port.atom(start);
      boolean several = false;
      for (int place = start + 1; place < start + size; place++) {
        several |= port.atom(place) != first;
        atoms.unite(first, port.atom(place));
      }
      if (several) {
        firstOfBlocks.add(first);
      }
    }
  }

  /**
   * Cuts each port into as many blocks of one size; the blocks in one place of all ports go
   * together as a whole, as the queries, keys and values of a head of attention do.
   */
  public void heads(List<ChannelPort> ports, int heads) {
    for (int head = 0; head < heads; head++) {
      int first = ports.get(0).atom(head * (ports.get(0).size() / heads));
      firstOfHeads.add(first);
      for (ChannelPort port : ports) {
        int size = port.size() / heads;
        requireSize(heads * size, port);
        for (int place = head * size; place < (head + 1) * size; place++) {
          atoms.unite(first, port.atom(place));
        }
      }
    }
  }

  /** Forbids pruning of all channels so far that are in no {@link #heads}. */
  public void forbidAllButHeads() {
    Set<Integer> heads = new HashSet<>();
    firstOfHeads.forEach(atom -> heads.add(atoms.find(atom)));
    for (int atom = 0; atom < atoms.count(); atom++) {
      if (!heads.contains(atoms.find(atom))) {
        obstacles.putIfAbsent(atom, PruningConstraint.NO_HEAD);
      }
    }
  }

  /** Forbids pruning of channels and those tied to them; the first obstacle counts. */
  public void forbid(ChannelPort port, PruningConstraint obstacle) {
    for (int place = 0; place < port.size(); place++) {
      obstacles.putIfAbsent(port.atom(place), obstacle);
    }
  }

  /** Assigns index {@code i} along an axis to place {@code i} of a port, once per axis. */
  public void index(ParameterShape parameter, int axis, ChannelPort port) {
    requireSize(parameter.dimensions().get(axis), port);
    ParameterShape known = parameters.putIfAbsent(parameter.id(), parameter);
    List<Integer> taken = axesOf.computeIfAbsent(parameter.id(), id -> new ArrayList<>());
    if (taken.contains(axis) || (known != null && !known.equals(parameter))) {
      throw new IllegalArgumentException(
          "an axis must be indexed once: parameter=%s, axis=%d".formatted(parameter.id(), axis));
    }
    taken.add(axis);
    axes.add(new IndexedAxis(parameter.id(), axis, port));
  }

  public Groups groups() {
    return new Groups(
        List.copyOf(parameters.values()),
        new Grouping(atoms, obstacles, firstOfBlocks, axes).groups());
  }

  /** Work so far: channels and links between them. */
  long work() {
    return atoms.count() + atoms.followed();
  }

  private static void requireSize(int expected, ChannelPort port) {
    if (port.size() != expected) {
      throw new IllegalArgumentException(
          "a port must have as many places as what it meets: places=%d, expected=%d"
              .formatted(port.size(), expected));
    }
  }

  /**
   * The channels between two layers, in order; one may occur more than once, as after flattening.
   * Valid only with the {@link DependencyGraph} that made it. Immutable.
   */
  public static final class ChannelPort {
    private final int[] atoms;

    /** Takes ownership of {@code atoms}, the channel number of each place. */
    ChannelPort(int[] atoms) {
      this.atoms = atoms;
    }

    public int size() {
      return atoms.length;
    }

    int atom(int place) {
      return atoms[place];
    }
  }
}
