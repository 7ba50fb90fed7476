package io.espalier.cli.inspect;

import io.espalier.masks.Mask;
import io.espalier.trainer.file.StoredTensor;
import io.espalier.trainer.model.MaskFile.StoredMasks;
import io.espalier.trainer.model.TensorSummary;
import java.util.List;
import java.util.Optional;

/**
 * One line of an inspection.
 *
 * @param type of a value, by its name in the file; {@code bit} in a mask file
 * @param kept units that a mask keeps; without a mask, values that are not 0
 * @param bytes that it takes in the file
 * @param denseBytes of all its values
 * @param sparseBytes the smaller form: kept values and a packed mask where that is less
 */
record InspectedTensor(
    String name,
    String type,
    List<Integer> shape,
    long units,
    long kept,
    long bytes,
    long denseBytes,
    long sparseBytes) {
  static final String BIT = "bit";

  static InspectedTensor of(TensorSummary tensor, Optional<Mask> mask) {
    long kept = mask.map(Mask::kept).map(Long::valueOf).orElse(tensor.size() - tensor.zeros());
    long perValue = tensor.bytes() / Math.max(1, tensor.size());
    long sparse = kept * perValue + (tensor.size() + 7) / 8;
    boolean canBeSparse = tensor.type() == StoredTensor.Type.F32 && tensor.dimensions().size() >= 2;
    return of(
        tensor,
        kept,
        tensor.bytes(),
        canBeSparse ? Math.min(sparse, tensor.bytes()) : tensor.bytes());
  }

  /** A tensor of a sparse file, of which {@code kept} values are stored. */
  static InspectedTensor ofSparse(TensorSummary dense, long kept) {
    long bytes = kept * Float.BYTES + (dense.size() + 7) / 8;
    return of(dense, kept, bytes, bytes);
  }

  static InspectedTensor of(StoredMasks.Entry entry) {
    long bytes = (entry.mask().size() + 7L) / 8;
    return new InspectedTensor(
        entry.shape().id().name(),
        BIT,
        entry.shape().dimensions(),
        entry.mask().size(),
        entry.mask().kept(),
        bytes,
        bytes,
        bytes);
  }

  private static InspectedTensor of(TensorSummary tensor, long kept, long bytes, long sparseBytes) {
    return new InspectedTensor(
        tensor.name(),
        tensor.type().name(),
        tensor.dimensions(),
        tensor.size(),
        kept,
        bytes,
        tensor.bytes(),
        sparseBytes);
  }

  /** Share of the units that is kept; 1 where there are none. */
  double density() {
    return units == 0 ? 1 : (double) kept / units;
  }
}
