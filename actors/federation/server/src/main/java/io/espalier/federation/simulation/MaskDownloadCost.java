package io.espalier.federation.simulation;

import io.espalier.federation.server.MaskHistory;
import io.espalier.masks.MaskSet;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.masks.federated.NestedSlice;
import io.espalier.trainer.federated.NestedNetworks;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bytes of mask downloads by the server's rules: a client that holds the whole network gets a delta
 * from its version, a device with a cap its part in full. Keeps the newest versions of the global
 * masks. Not thread-safe.
 */
final class MaskDownloadCost {
  private final NestedNetworks networks;
  private final MaskHistory history = new MaskHistory();
  private final Map<Double, MaskSet> parts = new HashMap<>();
  private final Map<Object, Integer> bytes = new HashMap<>();
  private MaskSet global;

  MaskDownloadCost(NestedNetworks networks, MaskSet newest) {
    this.networks = networks;
    this.global = newest;
    history.add(newest);
  }

  /** Restores what {@link #stored} returned. */
  static MaskDownloadCost of(NestedNetworks networks, List<String> stored, MaskSet dense) {
    MaskDownloadCost downloads = new MaskDownloadCost(networks, dense);
    for (String each : stored) {
      byte[] encoded = Base64.getDecoder().decode(each);
      downloads.advance(MaskCodec.decodeFull(encoded, dense.layout(), dense.parameters()));
    }
    return downloads;
  }

  List<String> stored() {
    List<String> stored = new ArrayList<>();
    for (int version = 0; version <= global.version().number(); version++) {
      history
          .of(version)
          .map(MaskCodec::encodeFull)
          .map(Base64.getEncoder()::encodeToString)
          .ifPresent(stored::add);
    }
    return stored;
  }

  int version() {
    return global.version().number();
  }

  void advance(MaskSet masks) {
    global = masks;
    history.add(masks);
    bytes.clear();
    parts.clear();
  }

  /**
   * Bytes of the masks that a client downloads to work under {@code holds}; {@code held} is its
   * known version, or -1.
   */
  int bytes(VirtualClient client, int held, MaskSet holds) {
    double width = client.tier().width();
    NestedSlice slice = networks.at(width).slice();
    boolean whole = holds.equals(parts.computeIfAbsent(width, each -> slice.narrowed(global)));
    int version = global.version().number();
    boolean knows = client.tier().cap() >= 1 && whole;
    if (whole && (version == 0 || (knows && held == version))) {
      return 0;
    }
    Optional<MaskSet> from = knows ? history.of(held).map(slice::narrowed) : Optional.empty();
    return from.isPresent()
        ? bytes.computeIfAbsent(
            List.of(held, width), key -> MaskCodec.encodeDelta(from.get(), holds).length)
        : bytes.computeIfAbsent(holds, key -> MaskCodec.encodeFull(holds).length);
  }
}
