package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KernelsTest {
  @Test
  void training_onAnyWidth_hasTheSameBits() throws IOException, InterruptedException {
    // given
    List<String> wide = trained(TestProcess.VECTORS);

    // when
    List<String> eight = trained(TestProcess.VECTORS, "-D" + KernelChoice.LANES + "=8");
    List<String> narrow = trained(TestProcess.VECTORS, "-D" + KernelChoice.LANES + "=4");
    List<String> scalar = trained(TestProcess.VECTORS, "-D" + KernelChoice.LANES + "=0");
    List<String> without = trained();

    // then
    assertThat(wide.get(0)).startsWith("SIMD of ");
    assertThat(narrow.get(0)).isEqualTo("SIMD of 128 bits");
    assertThat(scalar.get(0)).isEqualTo("scalar (io.espalier.sparse.lanes is below 4)");
    assertThat(without.get(0))
        .isEqualTo("scalar (start Java with --add-modules jdk.incubator.vector for SIMD)");
    List<String> bits = wide.subList(1, wide.size());
    assertThat(bits).hasSizeGreaterThan(200_000);
    assertThat(bits).allMatch(each -> Float.isFinite(Float.intBitsToFloat(Integer.parseInt(each))));
    assertThat(eight.subList(1, eight.size())).isEqualTo(bits);
    assertThat(narrow.subList(1, narrow.size())).isEqualTo(bits);
    assertThat(scalar.subList(1, scalar.size())).isEqualTo(bits);
    assertThat(without.subList(1, without.size())).isEqualTo(bits);
  }

  @Test
  void training_byAnyNumberOfThreads_hasTheSameBits() throws IOException, InterruptedException {
    // given
    List<String> alone = trained(TestProcess.VECTORS);
    String divided = "-D" + Team.ALWAYS + "=true";

    // when
    List<String> two = trained(TestProcess.VECTORS, divided, "-D" + Example.THREADS + "=2");
    List<String> five = trained(TestProcess.VECTORS, divided, "-D" + Example.THREADS + "=5");
    List<String> scalar = trained(divided, "-D" + Example.THREADS + "=3");

    // then
    List<String> bits = alone.subList(1, alone.size());
    assertThat(two.subList(1, two.size())).isEqualTo(bits);
    assertThat(five.subList(1, five.size())).isEqualTo(bits);
    assertThat(scalar.subList(1, scalar.size())).isEqualTo(bits);
  }

  @Test
  void sums_keepSixteenPartialSums() {
    // given
    float[] values = new float[48];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i) * (i % 5 == 0 ? 1e6f : 1);
    }
    float[] partial = new float[16];
    for (int i = 0; i < values.length; i++) {
      partial[i % 16] += values[i];
    }
    for (int apart = 8; apart > 0; apart /= 2) {
      for (int i = 0; i < apart; i++) {
        partial[i] += partial[i + apart];
      }
    }

    // when
    float sum = KernelChoice.kernels().sum(new Kernels.Run().set(values, 0, 0), 1, 48);
    float inThree = KernelChoice.kernels().sum(new Kernels.Run().set(values, 0, 16), 3, 16);

    // then
    assertThat(sum).isEqualTo(partial[0]).isEqualTo(inThree);
  }

  /** Of a process of its own, as the width is a constant of one. */
  private static List<String> trained(String... options) throws IOException, InterruptedException {
    return TestProcess.lines(TrainedBits.class, List.of(options));
  }
}
