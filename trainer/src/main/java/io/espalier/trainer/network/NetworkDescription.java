package io.espalier.trainer.network;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/**
 * A network as JSON: the shape of its examples, and its nodes in topological order, each with its
 * name, its layer and the nodes that it reads. The last node is the output.
 *
 * <pre>
 * { "input": { "channels": 1, "height": 28, "width": 28 },
 *   "nodes": [ { "name": "conv1", "layer": { "kind": "convolution", "outputs": 20, … },
 *                "inputs": [ "input" ] }, … ] }
 * </pre>
 *
 * <p>Parameters are not listed: shapes and names follow from the nodes.
 */
public record NetworkDescription(ImageShape input, List<GraphNode> nodes) {
  /** The most characters that a description may have. */
  private static final int MOST_CHARACTERS = 8 << 20;

  private static final int MOST_NODES = 20_000;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addMixIn(Layer.class, LayerKinds.class)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .build();

  public NetworkDescription {
    nodes = List.copyOf(nodes);
  }

  public static String toJson(Network network) {
    try {
      return JSON.writeValueAsString(new NetworkDescription(network.input(), network.nodes()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a layer must be plain values: nodes=" + network.nodes(), e);
    }
  }

  /**
   * The network that a text describes, which may come from anywhere.
   *
   * @throws IllegalArgumentException if it is no description, or its layers do not fit one another
   */
  public static Network parse(String json) {
    if (json.length() > MOST_CHARACTERS) {
      throw new IllegalArgumentException(
          "a network's description must have at most %d characters: characters=%d"
              .formatted(MOST_CHARACTERS, json.length()));
    }
    try {
      NetworkDescription read = JSON.readValue(json, NetworkDescription.class);
      if (read.nodes().size() > MOST_NODES) {
        throw new IllegalArgumentException(
            "a network must have at most %d nodes: nodes=%d"
                .formatted(MOST_NODES, read.nodes().size()));
      }
      return Network.of(read.input(), read.nodes());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "a network's description must be JSON of its kind: " + e.getOriginalMessage(), e);
    } catch (ArithmeticException | NullPointerException e) {
      throw new IllegalArgumentException("a network's description must have whole shapes", e);
    }
  }
}
