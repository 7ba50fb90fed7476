package io.espalier.masks.selection;

import io.espalier.masks.Mask;
import io.espalier.masks.Networks;
import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Is exact selection over all parameters within twice the time to read the scores twice, and what
 * do the masks cost on top of it?
 *
 * <pre>
 * mvn -pl masks -am -Pjmh test -Djmh.args="RankingBenchmark -f 1 -wi 2 -i 3 -p units=2560000"
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xmx2g", "-XX:+UseSerialGC"})
public class RankingBenchmark {
  /** Units of all parameters together. */
  @Param("25600000")
  int units;

  /** {@code normal}: absolute values of a normal distribution; {@code tied}: two values in all. */
  @Param({"normal", "tied"})
  String values = "";

  /** Share of the units that may be kept. */
  @Param({"1", "0.9", "0.2"})
  double candidates;

  private List<float[]> scores = List.of();
  private List<Mask> masks = List.of();
  private List<Integer> floors = List.of();
  private long kept;

  @Setup
  public void draw() {
    List<ParameterShape> shapes =
        Networks.ofSizes(units / 2, units / 4, units / 8, units / 16, units / 16);
    SplittableRandom random = new SplittableRandom(1);
    scores = new ArrayList<>();
    masks = new ArrayList<>();
    for (ParameterShape shape : shapes) {
      float[] drawn = new float[shape.size()];
      for (int unit = 0; unit < drawn.length; unit++) {
        drawn[unit] =
            values.equals("tied")
                ? (random.nextInt(4) == 3 ? 1 : 0)
                : Math.abs((float) random.nextGaussian()) / shape.size();
      }
      scores.add(drawn);
      masks.add(Mask.of(shape.size(), unit -> random.nextDouble() < candidates));
    }
    floors = Collections.nCopies(shapes.size(), 100);
    kept = masks.stream().mapToLong(Mask::kept).sum() / 10;
  }

  /** What the others are to be compared with. */
  @Benchmark
  public int readTwice() {
    int sum = 0;
    for (int time = 0; time < 2; time++) {
      for (float[] array : scores) {
        sum += read(array);
      }
    }
    return sum;
  }

  private static int read(float[] array) {
    int sum = 0;
    for (float score : array) {
      sum += Float.floatToRawIntBits(score);
    }
    return sum;
  }

  /** The exact counts of each parameter, ties included. */
  @Benchmark
  public List<Integer> counts() {
    return Ranking.of(scores, masks).topCounts(kept, floors);
  }

  /** The counts and the masks. */
  @Benchmark
  public List<Mask> countsAndMasks() {
    Ranking ranking = Ranking.of(scores, masks);
    return ranking.top(ranking.topCounts(kept, floors));
  }
}
