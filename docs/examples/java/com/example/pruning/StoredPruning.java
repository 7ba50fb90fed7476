package com.example.pruning;

import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.offline.Calibration;
import io.espalier.trainer.offline.OfflinePruner;
import io.espalier.trainer.offline.PrunedNetwork;
import io.espalier.trainer.offline.PrunedTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Prunes a network of any program in a program. */
public final class StoredPruning {
  private StoredPruning() {}

  /** Writes {@code out} with 90 % of the weights 0, and returns the share of each that stays. */
  public static List<Double> prune(Path in, Path out) throws IOException {
    OfflinePruner pruner =
        OfflinePruner.of("prune.score=lamp", "prune.sparsity=90%").excluding(List.of("head*"));
    PrunedNetwork pruned = pruner.prune(in, out);
    return pruned.tensors().stream().map(PrunedTensor::density).toList();
  }

  /**
   * Prunes half of each output's weights by the digits that reach them, and refits what stays.
   *
   * @param model that Espalier wrote, or an ONNX file
   * @param home where data sets are looked for; the digits need none
   */
  public static PrunedNetwork calibrated(Path model, Path out, Path home) throws IOException {
    Calibration digits = Calibration.of("digits", DataHome.of(home));
    return OfflinePruner.calibrated(
            digits,
            "prune { score = wanda, selection = per-row, allocation = uniform, sparsity = 50% }",
            "prune.refit = least-squares")
        .prune(model, out);
  }
}
