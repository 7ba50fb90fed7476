package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.ModelConfig;
import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import java.util.List;
import org.junit.jupiter.api.Test;

class MacsTest {
  private static final ParameterId FC1 = new ParameterId("fc1.weight");
  private static final Network LENET =
      Network.of(new ModelConfig.LeNet300100(), new ImageShape(1, 28, 28), 10);
  private static final Layout LAYOUT =
      Layout.dense(LENET.parameters().stream().map(ParameterSpec::shape).toList());

  @Test
  void macs_ofDenseNetwork_areAllEffective() {
    Macs macs = Macs.of(LENET, MaskSet.dense(LAYOUT, List.of(FC1)));

    assertThat(macs).isEqualTo(new Macs(266_200, 266_200));
  }

  @Test
  void macs_ofNetworkWithOnePrunedLayer_countItsKeptWeights() {
    Mask mask = Mask.of(784 * 300, unit -> unit < 1001);

    Macs macs = Macs.of(LENET, MaskSet.dense(LAYOUT, List.of(FC1)).next(List.of(mask)));

    assertThat(macs).isEqualTo(new Macs(266_200, 266_200 - 235_200 + 1001));
  }

  @Test
  void macs_ofConvolution_countEachUseOfAKeptWeight() {
    ImageShape input = new ImageShape(1, 28, 28);
    Network leNet5 = Network.of(new ModelConfig.LeNet5(), input, 10);
    ParameterId conv1 = new ParameterId("conv1.weight");
    Layout layout = Layout.dense(leNet5.parameters().stream().map(ParameterSpec::shape).toList());
    MaskSet masks = MaskSet.dense(layout, List.of(conv1)).next(List.of(Mask.noneKept(500)));

    Macs macs = Macs.of(leNet5, masks);

    assertThat(macs.executed() - macs.effective()).isEqualTo(500L * 24 * 24);
  }
}
