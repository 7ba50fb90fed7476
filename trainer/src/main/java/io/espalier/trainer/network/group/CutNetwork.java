package io.espalier.trainer.network.group;

import io.espalier.masks.Layout;
import io.espalier.masks.ParameterShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ParameterSpec;
import java.util.List;

/**
 * A network without some of its channels.
 *
 * @param network the smaller one
 * @param layout which indices of each parameter of the whole network the smaller one has; {@link
 *     io.espalier.masks.structure.AxisSlices} finds its values
 */
public record CutNetwork(Network network, Layout layout) {
  public CutNetwork {
    List<ParameterShape> shapes = network.parameters().stream().map(ParameterSpec::shape).toList();
    if (!shapes.equals(layout.shapes())) {
      throw new IllegalArgumentException(
          "a cut network must have the shapes of its layout: network=%s, layout=%s"
              .formatted(shapes, layout.shapes()));
    }
  }
}
