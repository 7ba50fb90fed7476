package io.espalier.actors.cli.inspect;

import io.espalier.masks.Mask;
import io.espalier.trainer.model.StoredMasks;
import io.espalier.trainer.model.TensorSummary;
import java.util.List;
import java.util.Optional;

/**
 * One line of an inspection.
 *
 * @param kept units that a mask keeps; without a mask, values that are not 0
 * @param bytes of its values, or of its packed mask in a mask file
 * @param sparseBytes the smaller form: kept values and a packed mask where something is pruned
 */
record InspectedTensor(
    String name, List<Integer> shape, long units, long kept, long bytes, long sparseBytes) {

  static InspectedTensor of(TensorSummary tensor, Optional<Mask> mask) {
    long kept = mask.map(Mask::kept).map(Long::valueOf).orElse(tensor.size() - tensor.zeros());
    long perValue = tensor.bytes() / Math.max(1, tensor.size());
    long sparse = kept * perValue + (tensor.size() + 7) / 8;
    return new InspectedTensor(
        tensor.name(),
        tensor.dimensions(),
        tensor.size(),
        kept,
        tensor.bytes(),
        kept < tensor.size() ? Math.min(sparse, tensor.bytes()) : tensor.bytes());
  }

  static InspectedTensor of(StoredMasks.Entry entry) {
    long bytes = (entry.mask().size() + 7L) / 8;
    return new InspectedTensor(
        entry.shape().id().name(),
        entry.shape().dimensions(),
        entry.mask().size(),
        entry.mask().kept(),
        bytes,
        bytes);
  }

  /** Share of the units that is kept; 1 where there are none. */
  double density() {
    return units == 0 ? 1 : (double) kept / units;
  }
}
