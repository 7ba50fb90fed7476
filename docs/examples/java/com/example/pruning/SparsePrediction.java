package com.example.pruning;

import io.espalier.trainer.model.SparseModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Uses the kept weights of a stored network: in plain Java, without the tensor engine. */
public final class SparsePrediction {
  private SparsePrediction() {}

  /** The label of each example, given by its raw values. */
  static List<String> labels(Path file, List<float[]> examples) throws IOException {
    SparseModel network = SparseModel.read(file, 1);
    List<String> labels = new ArrayList<>();
    for (float[] raw : examples) {
      float[] logits = network.predict(raw);
      int best = 0;
      for (int i = 1; i < logits.length; i++) {
        best = logits[i] > logits[best] ? i : best;
      }
      labels.add(network.description().format().classNames().get(best));
    }
    return labels;
  }
}
