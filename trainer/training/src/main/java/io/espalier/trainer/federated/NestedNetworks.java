package io.espalier.trainer.federated;

import io.espalier.masks.federated.NestedSlice;
import io.espalier.masks.federated.PrefixChannels;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.network.NetworkGroups.CutNetwork;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The networks of a federation, widest first and nested ({@link PrefixChannels}). Thread-safe. */
public final class NestedNetworks {
  private final List<NarrowNetwork> networks;

  private NestedNetworks(List<NarrowNetwork> networks) {
    this.networks = List.copyOf(networks);
  }

  public static NestedNetworks of(PreparedFederation federation) {
    NestedSlice all = NestedSlice.of(federation.run().layout());
    List<NarrowNetwork> networks = new ArrayList<>();
    networks.add(new NarrowNetwork(1, federation, all));
    List<Double> narrower =
        federation.rounds().client().widths().stream().filter(each -> each < 1).toList();
    if (!narrower.isEmpty()) {
      NetworkGroups groups = federation.run().groups();
      narrower.forEach(width -> networks.add(narrow(federation, groups, width)));
    }
    return new NestedNetworks(networks);
  }

  private static NarrowNetwork narrow(
      PreparedFederation federation, NetworkGroups groups, double width) {
    CutNetwork cut = groups.cut(PrefixChannels.kept(groups.groups(), width));
    PreparedRun run = federation.run().cut(cut);
    return new NarrowNetwork(
        width,
        new PreparedFederation(run, run.ofValues(), federation.rounds()),
        NestedSlice.of(cut.layout()));
  }

  public List<NarrowNetwork> all() {
    return networks;
  }

  public NarrowNetwork whole() {
    return networks.get(0);
  }

  public Optional<NarrowNetwork> find(double width) {
    return networks.stream().filter(each -> each.width() == width).findFirst();
  }

  public NarrowNetwork at(double width) {
    return find(width)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a width must be one of federation.widths: width=%s, widths=%s"
                        .formatted(width, widths())));
  }

  public Optional<NarrowNetwork> within(long bytes) {
    return networks.stream().filter(each -> each.trainingBytes() <= bytes).findFirst();
  }

  public NarrowNetwork narrowest() {
    return networks.get(networks.size() - 1);
  }

  private List<Double> widths() {
    return networks.stream().map(NarrowNetwork::width).toList();
  }
}
