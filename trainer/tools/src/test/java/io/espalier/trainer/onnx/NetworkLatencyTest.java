package io.espalier.trainer.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkLatencyTest {
  @Test
  void ofExamples_networksThatAreAlike_haveOneNumber() {
    List<Double> seconds =
        NetworkLatency.ofExamples(List.of(perceptron(20), perceptron(300), perceptron(20)));

    assertThat(seconds).hasSize(3).allSatisfy(each -> assertThat(each).isPositive());
    assertThat(seconds.get(2)).isEqualTo(seconds.get(0));
  }

  private static Network perceptron(int hidden) {
    return Network.of(new ModelConfig.Mlp(List.of(hidden)), new ImageShape(1, 28, 28), 10);
  }
}
