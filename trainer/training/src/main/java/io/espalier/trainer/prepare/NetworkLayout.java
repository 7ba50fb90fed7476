package io.espalier.trainer.prepare;

import io.espalier.masks.Layout;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.kind.MaskKind;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups.CutNetwork;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.StateSlots;
import java.util.List;
import java.util.Set;

/**
 * A network and everything derived from its shapes; {@code layout} is relative to the uncut
 * network, {@code prunable} in graph order, {@code frozen} are not trained.
 */
record NetworkLayout(
    Network network,
    Layout layout,
    List<ParameterShape> prunable,
    MaskKind kind,
    Set<ParameterId> frozen,
    StateLayout state) {
  public NetworkLayout {
    prunable = List.copyOf(prunable);
    frozen = Set.copyOf(frozen);
  }

  static NetworkLayout whole(
      Network network,
      List<ParameterShape> prunable,
      MaskKind kind,
      Set<ParameterId> frozen,
      StateSlots slots) {
    Layout dense = Layout.dense(network.parameters().stream().map(ParameterSpec::shape).toList());
    return of(network, dense, prunable, kind, frozen, slots);
  }

  private static NetworkLayout of(
      Network network,
      Layout layout,
      List<ParameterShape> prunable,
      MaskKind kind,
      Set<ParameterId> frozen,
      StateSlots slots) {
    StateLayout state =
        StateLayout.of(network.parameters(), ids(prunable), slots, frozen, kind.state());
    return new NetworkLayout(network, layout, prunable, kind, frozen, state);
  }

  NetworkLayout cut(CutNetwork cut) {
    List<ParameterShape> left =
        prunableIds().stream().flatMap(id -> cut.layout().shape(id).stream()).toList();
    return of(cut.network(), cut.layout(), left, kind, frozen, state.slots());
  }

  NetworkLayout ofValues() {
    return of(network, layout, prunable, kind, frozen, StateSlots.NONE);
  }

  List<ParameterId> prunableIds() {
    return ids(prunable);
  }

  private static List<ParameterId> ids(List<ParameterShape> shapes) {
    return shapes.stream().map(ParameterShape::id).toList();
  }
}
