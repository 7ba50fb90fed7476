package io.espalier.trainer.model;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import java.util.List;

/**
 * The content of a mask file.
 *
 * @param version number of mask updates
 * @param layoutDigest of the network's layout
 */
public record StoredMasks(int version, String layoutDigest, List<Entry> entries) {
  public StoredMasks {
    entries = List.copyOf(entries);
  }

  public record Entry(ParameterShape shape, Mask mask) {}

  public long kept() {
    return entries.stream().mapToLong(entry -> entry.mask().kept()).sum();
  }

  public long total() {
    return entries.stream().mapToLong(entry -> entry.mask().size()).sum();
  }
}
