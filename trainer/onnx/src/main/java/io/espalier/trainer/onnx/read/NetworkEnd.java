package io.espalier.trainer.onnx.read;

import io.espalier.masks.ParameterId;
import io.espalier.trainer.network.Flatten;
import io.espalier.trainer.network.GlobalAveragePool;
import io.espalier.trainer.network.ImportedNetwork;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.MeanPool;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.Network.GraphNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** How a network goes on behind a file's output. */
sealed interface NetworkEnd {
  ImportedNetwork of(OutputSignal output);

  /** The output is the logits, of a sequence at each position. */
  record Classes(int classes) implements NetworkEnd {
    @Override
    public ImportedNetwork of(OutputSignal output) {
      boolean ofPositions = output.isSequence();
      List<Integer> dimensions = output.signal().dimensions();
      int outputs =
          ofPositions
              ? output.shape().channels()
              : dimensions.stream().reduce(1, Math::multiplyExact);
      if (outputs != classes || !(ofPositions || output.isPlain())) {
        throw new GraphException(
            "its output must be one value per class of the data: output=%s, classes=%d; model.head = linear puts a layer for them on features"
                .formatted(dimensions, classes));
      }
      String node = output.signal().node();
      if (!output.shape().isVector() && !ofPositions) {
        node = output.add("flatten", new Flatten(), node);
      }
      return output.draft().upTo(output.applied(node));
    }
  }

  /**
   * The output is features: a linear layer on them gives the classes, on the mean over positions of
   * a sequence that are not padding, or over pixels of an image.
   */
  record LinearHead(int classes) implements NetworkEnd {
    @Override
    public ImportedNetwork of(OutputSignal output) {
      ImportedNetwork body = output.draft().upTo(features(output));
      List<GraphNode> nodes = new ArrayList<>(body.network().nodes());
      String last = nodes.get(nodes.size() - 1).name();
      String name = output.translation().names().of("head");
      nodes.add(new GraphNode(name, new Linear(classes, true), List.of(last)));
      Map<ParameterId, float[]> values = new HashMap<>();
      List<float[]> all = body.values();
      for (int i = 0; i < all.size(); i++) {
        values.put(body.network().parameters().get(i).id(), all.get(i));
      }
      return new ImportedNetwork(Network.of(body.network().input(), nodes), values);
    }

    private static String features(OutputSignal output) {
      String node = output.applied(output.signal().node());
      if (output.isSequence()) {
        List<String> read = new ArrayList<>(List.of(node));
        output.translation().paddingMask(OptionalInt.empty()).ifPresent(read::add);
        return output.add("pool", new MeanPool(), read.toArray(String[]::new));
      }
      if (!output.isPlain()) {
        throw new GraphException(
            "its output must be features for a head: output=" + output.signal().dimensions());
      }
      return output.shape().isVector() ? node : output.add("pool", new GlobalAveragePool(), node);
    }
  }
}
