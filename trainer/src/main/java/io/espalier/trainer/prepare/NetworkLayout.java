package io.espalier.trainer.prepare;

import io.espalier.masks.Layout;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkGroups.CutNetwork;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.state.StateLayout;
import java.util.List;

/**
 * A network and everything derived from its shapes; {@code layout} is relative to the uncut
 * network, {@code prunable} in graph order.
 */
record NetworkLayout(
    Network network, Layout layout, List<ParameterShape> prunable, StateLayout state) {
  public NetworkLayout {
    prunable = List.copyOf(prunable);
  }

  static NetworkLayout whole(Network network, List<ParameterShape> prunable, int moments) {
    Layout dense = Layout.dense(network.parameters().stream().map(ParameterSpec::shape).toList());
    return new NetworkLayout(network, dense, prunable, state(network, ids(prunable), moments));
  }

  NetworkLayout cut(CutNetwork cut) {
    List<ParameterId> ids = prunableIds();
    return new NetworkLayout(
        cut.network(),
        cut.layout(),
        ids.stream().map(id -> cut.layout().shape(id).orElseThrow()).toList(),
        state(cut.network(), ids, state.moments()));
  }

  NetworkLayout ofValues() {
    return new NetworkLayout(network, layout, prunable, state(network, prunableIds(), 0));
  }

  List<ParameterId> prunableIds() {
    return ids(prunable);
  }

  private static List<ParameterId> ids(List<ParameterShape> shapes) {
    return shapes.stream().map(ParameterShape::id).toList();
  }

  private static StateLayout state(Network network, List<ParameterId> prunable, int moments) {
    return StateLayout.of(network.parameters(), prunable, moments);
  }
}
