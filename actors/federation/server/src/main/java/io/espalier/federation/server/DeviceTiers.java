package io.espalier.federation.server;

import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.NestedMasks;
import io.espalier.trainer.federated.NarrowNetwork;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.sync.Committed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The parts of one global model that devices of each tier hold, in the layout of their network: the
 * global masks of its channels if they fit the cap, else the top of the global ranking among them.
 * Not thread-safe.
 */
public final class DeviceTiers {
  private final NestedNetworks networks;
  private final Committed model;
  private final Map<Double, Part> parts = new HashMap<>();
  private final Map<DeviceTier, MaskSet> masks = new HashMap<>();

  private record Part(TrainingState values, MaskSet masks, NestedMasks nested) {}

  public DeviceTiers(NestedNetworks networks, Committed model) {
    this.networks = networks;
    this.model = model;
  }

  public MaskSet within(DeviceTier tier) {
    return masks.computeIfAbsent(tier, each -> part(each.width()).nested().within(each.cap()));
  }

  /** Whether devices of a tier hold all that the global masks keep of their channels. */
  public boolean isWhole(DeviceTier tier) {
    return within(tier).equals(part(tier.width()).masks());
  }

  /** The masks that devices of a tier work under; dense ones while candidates are measured. */
  public MaskSet masks(RoundWork work, DeviceTier tier) {
    return work.kind().trains() ? within(tier) : masks(tier.width());
  }

  public MaskSet masks(double width) {
    return part(width).masks();
  }

  public TrainingState values(double width) {
    return part(width).values();
  }

  private Part part(double width) {
    return parts.computeIfAbsent(width, this::newPart);
  }

  private Part newPart(double width) {
    NarrowNetwork network = networks.at(width);
    TrainingState values = width < 1 ? network.narrowed(model.state()) : model.state();
    MaskSet global = network.slice().narrowed(model.masks().masks());
    List<StateLayout.Entry> entries = network.federation().values().stateLayout().entries();
    List<float[]> weights =
        IntStream.range(0, entries.size())
            .filter(i -> entries.get(i).mask().isPresent())
            .mapToObj(i -> values.values(i, 0))
            .toList();
    return new Part(values, global, NestedMasks.of(global, weights));
  }
}
