package io.espalier.trainer.analysis;

import io.espalier.trainer.analysis.Finding.Format;
import io.espalier.trainer.analysis.Finding.Heading;
import io.espalier.trainer.file.MalformedFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Density and PQ index of each weight tensor, for the two pairs of norms of the paper. */
final class PqIndices implements WeightDiagnostic {
  private static final List<Heading> HEADINGS =
      List.of(
          new Heading("parameter", "parameter", Format.TEXT),
          new Heading("shape", "shape", Format.TEXT),
          new Heading("weights", "weights", Format.COUNT),
          new Heading("pqHalfOne", "PQ ½,1", Format.NUMBER),
          new Heading("pqOneTwo", "PQ 1,2", Format.NUMBER),
          new Heading("density", "density", Format.BAR));

  @Override
  public String name() {
    return "pq-index";
  }

  @Override
  public String summary() {
    return "density and PQ index of each weight, which tell how much more it bears; reads the file"
        + " alone, of any program";
  }

  /** Counts and indices of one tensor, or of all. */
  private static final class Sums {
    private final PqIndex halfOne = new PqIndex(.5, 1);
    private final PqIndex oneTwo = new PqIndex(1, 2);
    private long kept;
    private long weights;

    void add(float[] values) {
      halfOne.add(values);
      oneTwo.add(values);
      for (float value : values) {
        kept += value != 0 ? 1 : 0;
      }
      weights += values.length;
    }

    double density() {
      return (double) kept / Math.max(1, weights);
    }
  }

  @Override
  public Finding find(FileWeights weights) throws IOException {
    Sums all = new Sums();
    List<List<Object>> rows = new ArrayList<>();
    weights.forEach(
        (name, dimensions, values) -> {
          Sums own = new Sums();
          own.add(values);
          all.add(values);
          rows.add(
              List.of(
                  name,
                  dimensions.stream().map(String::valueOf).collect(Collectors.joining("×")),
                  own.weights,
                  own.halfOne.value(),
                  own.oneTwo.value(),
                  own.density()));
        });
    if (rows.isEmpty()) {
      throw new MalformedFileException(
          weights.file(), "must have a tensor of floats with 2 or more axes to have a PQ index");
    }
    return Finding.titled("PQ index")
        .share("density", "density", all.density())
        .number("pqHalfOne", "PQ index, p = ½, q = 1", all.halfOne.value())
        .number("pqOneTwo", "PQ index, p = 1, q = 2", all.oneTwo.value())
        .count("weights", "weights", all.weights)
        .table("", HEADINGS, rows)
        .note(
            "Of weights that are not 0, in tensors of two or more axes: 0 where all have one"
                + " magnitude, near 1 where few have most of it.");
  }
}
