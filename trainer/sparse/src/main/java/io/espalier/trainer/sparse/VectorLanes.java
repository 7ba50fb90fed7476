package io.espalier.trainer.sparse;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * How many values an instruction takes on this machine: 4, 8 or 16. All kernels use one width, as
 * those of two in one process keep the compiler from holding vectors in registers.
 */
final class VectorLanes {
  static final int LANES = Math.min(16, KernelChoice.lanes(FloatVector.SPECIES_PREFERRED.length()));
  static final VectorSpecies<Float> SPECIES =
      switch (LANES) {
        case 16 -> FloatVector.SPECIES_512;
        case 8 -> FloatVector.SPECIES_256;
        default -> FloatVector.SPECIES_128;
      };

  private VectorLanes() {}
}
