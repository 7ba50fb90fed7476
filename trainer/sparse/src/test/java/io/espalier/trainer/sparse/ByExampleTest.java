package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.ChannelAffine;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.LayerParameters;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.TensorShape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A layer that a user computes example by example, found on the class path. */
public final class ByExampleTest {
  /** The same as a {@link ChannelAffine} that scales and shifts. */
  public record OwnAffine() implements Layer {
    @Override
    public List<ParameterSpec> parametersOf(String node, List<TensorShape> inputs) {
      return LayerParameters.scaleAndShift(node, inputs);
    }
  }

  /** Its sparse form. */
  public static final class OwnAffineOp implements SparseOp<OwnAffine> {
    @Override
    public Operation of(OwnAffine layer, SparseNode at) {
      SparseParameter scale = at.parameters().get(0);
      SparseParameter shift = at.parameters().get(1);
      return at.byExample(
          new ExampleFunction() {
            @Override
            public void forward(List<float[]> inputs, float[] output) {
              int plane = output.length / scale.values().length;
              for (int i = 0; i < output.length; i++) {
                output[i] =
                    inputs.get(0)[i] * scale.values()[i / plane] + shift.values()[i / plane];
              }
            }

            @Override
            public void backward(
                List<float[]> inputs, float[] gradient, List<float[]> inputGradients) {
              int plane = gradient.length / scale.values().length;
              for (int i = 0; i < gradient.length; i++) {
                scale.gradient()[i / plane] += gradient[i] * inputs.get(0)[i];
                shift.gradient()[i / plane] += gradient[i];
                inputGradients.get(0)[i] = gradient[i] * scale.values()[i / plane];
              }
            }
          });
    }
  }

  private static Network network(Layer affine) {
    return Graphs.of(
        new Cells(2, 5, 5),
        List.of(
            Graphs.node("conv", new Convolution(4, 3, 1, 1, 1, true), Network.INPUT),
            new GraphNode("affine", affine, List.of("conv")),
            Graphs.node("flat", new Flatten(), "affine"),
            Graphs.node("out", new Linear(3, true), "flat")));
  }

  @Test
  void gradients_ofALayerByExample_areThoseOfTheBuiltInLayer() {
    Example own = new Example(network(new OwnAffine()), 0.5, 21, 0, 7);
    Example builtIn = new Example(network(new ChannelAffine(true, true)), 0.5, 21, 0, 7);

    double loss = own.network.gradients(own.inputs, own.labels, Example::loss);
    double expected = builtIn.network.gradients(builtIn.inputs, builtIn.labels, Example::loss);

    assertThat(loss).isCloseTo(expected, withinPercentage(1e-4));
    for (SparseParameter each : builtIn.network.parameters()) {
      ParameterId id = each.shape().id();
      float largest = 0;
      for (float value : each.gradient()) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertThat(own.network.parameter(id).gradient())
          .as(id.name())
          .containsExactly(each.gradient(), within(1e-5f * largest));
    }
  }
}
