package io.espalier.trainer.offline;

import io.espalier.masks.random.Seeds;
import io.espalier.masks.random.Seeds.Purpose;
import io.espalier.trainer.data.DataContract;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.source.InputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** A sample of the rows of a file that a model can read; each row is as likely as any other. */
final class CalibrationRows {
  private static final int PIECE = 256;

  private final int most;
  private final SplittableRandom random;
  private final List<Examples> sample = new ArrayList<>();
  private long seen;

  private CalibrationRows(int most, long seed) {
    this.most = most;
    this.random = Seeds.stream(Purpose.SHARDS, seed);
  }

  static Dataset of(Path path, Calibration calibration, DataContract contract, long seed)
      throws IOException {
    InputFile file = new InputFile(path, "calibrate", calibration.labels());
    CalibrationRows rows = new CalibrationRows(calibration.examples(), seed);
    try (InputFile.Rows read = file.open(contract)) {
      for (Optional<Examples> next = read.next(PIECE); next.isPresent(); next = read.next(PIECE)) {
        rows.add(next.get());
      }
      read.notices().forEach(calibration.home().listener()::noticed);
    }
    if (rows.sample.isEmpty()) {
      throw file.problem("must hold a row");
    }
    return Dataset.under(contract, Examples.joined(rows.sample));
  }

  /** Vitter's algorithm R (1985). */
  private void add(Examples piece) {
    for (int row = 0; row < piece.count(); row++) {
      seen++;
      if (sample.size() < most) {
        sample.add(piece.select(new int[] {row}));
      } else {
        long place = Long.remainderUnsigned(random.nextLong(), seen);
        if (place < most) {
          sample.set((int) place, piece.select(new int[] {row}));
        }
      }
    }
  }
}
