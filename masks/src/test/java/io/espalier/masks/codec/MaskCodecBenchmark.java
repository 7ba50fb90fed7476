package io.espalier.masks.codec;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.Networks;
import java.util.List;
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
 * What does it cost to write and to read the masks of a million units, and how much of it is the
 * update that travels instead of the whole?
 *
 * <pre>
 * mvn -pl masks -am -Pjmh test -Djmh.args="MaskCodecBenchmark -f 1 -wi 2 -i 3 -p density=0.1"
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xmx1g", "-XX:+UseSerialGC"})
public class MaskCodecBenchmark {
  private static final int UNITS = 1_000_000;

  /** Share of the units that are kept before the update. */
  @Param({"0.5", "0.1", "0.05", "0.02"})
  double density;

  /** Share of the kept units that are pruned. */
  @Param("0.1")
  double pruned;

  /** Share of the pruned units that take the place of others. */
  @Param({"0", "0.01"})
  double returned;

  private MaskSet before = Networks.dense(Networks.ofSizes(1));
  private MaskSet after = before;
  private byte[] full = {};
  private byte[] update = {};

  @Setup
  public void draw() {
    Mask kept = Networks.randomMask(UNITS, density, 1);
    Mask gone = Networks.randomMask(UNITS, pruned, 2);
    Mask back = Networks.randomMask(UNITS, returned, 3).andNot(kept);
    before = Networks.dense(Networks.ofSizes(UNITS)).next(List.of(kept));
    after = before.next(List.of(kept.andNot(gone).or(back)));
    full = MaskCodec.encodeFull(after);
    update = MaskCodec.encode(before, after);
  }

  @Benchmark
  public byte[] encodeFull() {
    return MaskCodec.encodeFull(after);
  }

  @Benchmark
  public MaskSet decodeFull() {
    return MaskCodec.decodeFull(full, after.layout(), after.parameters());
  }

  @Benchmark
  public byte[] encodeUpdate() {
    return MaskCodec.encode(before, after);
  }

  @Benchmark
  public MaskSet decodeUpdate() {
    return MaskCodec.decode(update, before);
  }
}
