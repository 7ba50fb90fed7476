package io.espalier.federation.server;

import io.espalier.masks.MaskSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The newest versions of the global masks, from which deltas to the present one are computed. */
public final class MaskHistory {
  private static final int VERSIONS = 8;

  private final Map<Integer, MaskSet> versions =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, MaskSet> eldest) {
          return size() > VERSIONS;
        }
      };

  public void add(MaskSet masks) {
    versions.put(masks.version().number(), masks);
  }

  public Optional<MaskSet> of(int version) {
    return Optional.ofNullable(versions.get(version));
  }
}
