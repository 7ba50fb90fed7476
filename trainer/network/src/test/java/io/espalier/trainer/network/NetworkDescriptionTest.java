package io.espalier.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.espalier.configs.ModelConfig;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkDescriptionTest {
  @Test
  void parse_ofEveryLayer_givesTheSameNetwork() {
    Set<Class<?>> covered = new HashSet<>();
    for (long seed = 0; seed < 300; seed++) {
      Network network = RandomLayers.network(seed);
      network.nodes().forEach(node -> covered.add(node.layer().getClass()));

      Network read = Network.parse(network.toJson());

      assertThat(read.nodes()).isEqualTo(network.nodes());
      assertThat(read.input()).isEqualTo(network.input());
      assertThat(read.parameters()).isEqualTo(network.parameters());
    }
    assertThat(covered).containsExactlyInAnyOrderElementsOf(RecipeLayers.storedOfImages());
  }

  @Test
  void parse_ofWrittenText_needsNothingElse() {
    Network network =
        Network.parse(
            """
            {"input": {"channels": 1, "height": 2, "width": 2},
             "nodes": [
              {"name": "clip", "layer": {"kind": "clip", "min": 0, "max": "Infinity"}, "inputs": ["input"]},
              {"name": "flat", "layer": {"kind": "flatten"}, "inputs": ["clip"]},
              {"name": "fc", "layer": {"kind": "linear", "outputs": 3, "bias": true}, "inputs": ["flat"]}]}
            """);

    assertThat(network.nodes().get(0).layer()).isEqualTo(new Clip(0, Float.POSITIVE_INFINITY));
    assertThat(network.macs()).isEqualTo(12);
  }

  @Test
  void toJson_knownNetwork_hasTheDocumentedForm() {
    Network network =
        Network.of(
            new ImageShape(1, 2, 2),
            List.of(
                new GraphNode("norm", new BatchNorm(0.5f), List.of("input")),
                new GraphNode("groups", new GroupNorm(1, 0.25f), List.of("norm")),
                new GraphNode("flat", new Flatten(), List.of("groups"))));

    assertThat(network.toJson())
        .isEqualTo(
            "{\"input\":{\"channels\":1,\"height\":2,\"width\":2},\"nodes\":["
                + "{\"name\":\"norm\",\"layer\":{\"kind\":\"batch-norm\",\"epsilon\":0.5},\"inputs\":[\"input\"]},"
                + "{\"name\":\"groups\",\"layer\":{\"kind\":\"group-norm\",\"groups\":1,\"epsilon\":0.25},\"inputs\":[\"norm\"]},"
                + "{\"name\":\"flat\",\"layer\":{\"kind\":\"flatten\"},\"inputs\":[\"groups\"]}]}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"input\":{\"channels\":1,\"height\":2,\"width\":2},\"nodes\":[]}",
        "{\"input\":{\"channels\":1,\"height\":2,\"width\":2},\"nodes\":null}",
        "{\"input\":{\"channels\":1,\"height\":2,\"width\":2},\"nodes\":[null]}",
        "{\"input\":{\"channels\":0,\"height\":2,\"width\":2},\"nodes\":[{\"name\":\"f\",\"layer\":{\"kind\":\"flatten\"},\"inputs\":[\"input\"]}]}",
        "{\"input\":{\"channels\":65536,\"height\":65536,\"width\":2},\"nodes\":[{\"name\":\"f\",\"layer\":{\"kind\":\"flatten\"},\"inputs\":[\"input\"]}]}",
        "{\"input\":{\"channels\":1,\"height\":2,\"width\":2},\"nodes\":[{\"name\":\"f\",\"layer\":{\"kind\":\"transformer\"},\"inputs\":[\"input\"]}]}",
        "{\"input\":{\"channels\":1,\"height\":2,\"width\":2},\"nodes\":[{\"name\":\"f\",\"layer\":{\"kind\":\"flatten\"},\"inputs\":[\"g\"]}]}",
        "{\"input\":{\"channels\":1,\"height\":2,\"width\":2},\"nodes\":[{\"name\":\"f\",\"layer\":{\"kind\":\"flatten\",\"x\":1},\"inputs\":[\"input\"]}]}",
        "{\"input\":{\"channels\":1,\"height\":2,\"width\":2},\"nodes\":[{\"name\":\"f\",\"layer\":{\"kind\":\"max-pool\",\"kernel\":2,\"stride\":0,\"padding\":0},\"inputs\":[\"input\"]}]}",
        "{\"input\":{\"channels\":1,\"height\":2,\"width\":2},\"nodes\":[{\"name\":\"f\",\"layer\":{\"kind\":\"pad\",\"top\":2147483647,\"left\":0,\"bottom\":2147483647,\"right\":0,\"lowest\":false},\"inputs\":[\"input\"]}]}",
        "{\"input\":{\"channels\":1,\"height\":2,\"width\":2},\"nodes\":[{\"name\":\"f\",\"layer\":{\"kind\":\"group-norm\",\"groups\":2,\"epsilon\":0.1},\"inputs\":[\"input\"]}]}",
        "{\"input\":{\"channels\":1,\"height\":2,\"width\":2},\"nodes\":[{\"name\":\"f\",\"layer\":{\"kind\":\"linear\",\"outputs\":3},\"inputs\":[\"input\"]}]}"
      })
  void parse_ofSomethingElse_isRefused(String json) {
    assertThatIllegalArgumentException().isThrownBy(() -> Network.parse(json));
  }

  @Property(tries = 500, seed = "1")
  void parse_ofDamagedText_isReadOrRefused(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder json =
        new StringBuilder(
            Network.of(new ModelConfig.LeNet5(), new ImageShape(1, 28, 28), 10).toJson());
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      json.setCharAt(
          random.nextInt(json.length()), "0123456789{}[],:\"-e".charAt(random.nextInt(19)));
    }

    Throwable thrown = catchThrowable(() -> Network.parse(json.toString()));

    assertThat(thrown == null || thrown instanceof IllegalArgumentException)
        .as(json + " " + thrown)
        .isTrue();
  }
}
