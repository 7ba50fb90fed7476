package io.espalier.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.ModelConfig;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Networks;
import io.espalier.trainer.network.ParameterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class SizesTest {
  private static final ParameterId FC1 = new ParameterId("fc1.weight");
  private static final Network LENET =
      Networks.of(new ModelConfig.LeNet300100(), new ImageShape(1, 28, 28), 10);
  private static final Layout LAYOUT =
      Layout.dense(LENET.parameters().stream().map(ParameterSpec::shape).toList());

  @Test
  void sizes_ofDenseNetwork_areAllTheSame() {
    Sizes sizes = Sizes.of(LENET, MaskSet.dense(LAYOUT, List.of(FC1)));

    assertThat(sizes).isEqualTo(new Sizes(1_066_440, 1_066_440, 266_200, 266_200, 266_200));
  }

  @Test
  void sizes_ofNetworkWithOnePrunedLayer_countItsKeptWeightsAndMaskBytes() {
    Mask mask = Mask.of(784 * 300, unit -> unit < 1001);

    Sizes sizes = Sizes.of(LENET, MaskSet.dense(LAYOUT, List.of(FC1)).next(List.of(mask)));

    long values = 266_610 - 235_200 + 1001;
    assertThat(sizes)
        .isEqualTo(
            new Sizes(
                1_066_440, 4 * values + 235_200 / 8, 266_200, 266_200, 266_200 - 235_200 + 1001));
  }

  @Test
  void sizes_ofConvolution_countEachUseOfAKeptWeight() {
    ImageShape input = new ImageShape(1, 28, 28);
    Network leNet5 = Networks.of(new ModelConfig.LeNet5(), input, 10);
    ParameterId conv1 = new ParameterId("conv1.weight");
    Layout layout = Layout.dense(leNet5.parameters().stream().map(ParameterSpec::shape).toList());
    MaskSet masks = MaskSet.dense(layout, List.of(conv1)).next(List.of(Mask.noneKept(500)));

    Sizes sizes = Sizes.of(leNet5, masks);

    assertThat(sizes.macsDense() - sizes.macsEffective()).isEqualTo(500L * 24 * 24);
    assertThat(sizes.macs()).isEqualTo(sizes.macsDense());
  }
}
