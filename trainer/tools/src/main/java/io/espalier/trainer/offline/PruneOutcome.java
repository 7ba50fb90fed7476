package io.espalier.trainer.offline;

import io.espalier.masks.Mask;
import io.espalier.masks.ParameterShape;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Describes what pruning makes of a file.
 *
 * @param tensors those that are pruned, in file order
 * @param kept the weights that stay, one mask per tensor
 * @param changed all values of tensors of which some change to another value than 0, by name; of a
 *     network in one file
 * @param errors relative squared errors of what layers give, by the tensors of their weights; of a
 *     network that ran
 */
record PruneOutcome(
    List<PrunableTensor> tensors,
    List<Mask> kept,
    Map<String, FloatBuffer> changed,
    Map<String, Double> errors) {
  PruneOutcome {
    tensors = List.copyOf(tensors);
    kept = List.copyOf(kept);
    changed = Map.copyOf(changed);
    errors = Map.copyOf(errors);
  }

  List<ParameterShape> shapes() {
    return tensors.stream().map(PrunableTensor::shape).toList();
  }

  /** What is left of a tensor. */
  PrunedTensor pruned(int p) {
    PrunableTensor tensor = tensors.get(p);
    return PrunedTensor.of(
        tensor, kept.get(p), Optional.ofNullable(errors.get(tensor.span().name())));
  }

  /** The masks of the tensors of a file. */
  Map<String, Mask> masksOf(TensorFile file) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (int p = 0; p < tensors.size(); p++) {
      if (tensors.get(p).file().equals(file.path())) {
        masks.put(tensors.get(p).span().name(), kept.get(p));
      }
    }
    return masks;
  }
}
