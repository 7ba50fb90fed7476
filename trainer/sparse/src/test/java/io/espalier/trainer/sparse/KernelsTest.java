package io.espalier.trainer.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class KernelsTest {
  private static final String PACKAGE = KernelsTest.class.getPackageName() + ".";

  @AfterEach
  void forget() {
    System.clearProperty(KernelChoice.LANES);
  }

  @Test
  void training_onAnyWidth_hasTheSameBits() throws ReflectiveOperationException {
    // given
    Supplier<List<Integer>> scalar = on(0);
    Supplier<List<Integer>> narrow = on(4);
    Supplier<List<Integer>> wide = on(8);

    // when
    List<Integer> bits = scalar.get();

    // then
    assertThat(scalar).hasToString("scalar (io.espalier.sparse.lanes is below 4)");
    assertThat(narrow).hasToString("SIMD of 128 bits");
    assertThat(wide).hasToString("SIMD of 256 bits");
    assertThat(bits).hasSizeGreaterThan(500);
    assertThat(bits.stream().map(Float::intBitsToFloat)).allMatch(Float::isFinite);
    assertThat(narrow.get()).isEqualTo(bits);
    assertThat(wide.get()).isEqualTo(bits);
  }

  @Test
  void training_again_hasTheSameBits() throws ReflectiveOperationException {
    assertThat(on(8).get()).isEqualTo(on(8).get());
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

  /** The probe in classes of its own, as the width is a constant of a class. */
  @SuppressWarnings("unchecked")
  private static Supplier<List<Integer>> on(int lanes) throws ReflectiveOperationException {
    System.setProperty(KernelChoice.LANES, Integer.toString(lanes));
    return (Supplier<List<Integer>>)
        new Copies().loadClass(TrainedBits.class.getName()).getDeclaredConstructor().newInstance();
  }

  /** Loads classes of this package anew. */
  private static final class Copies extends ClassLoader {
    Copies() {
      super(KernelsTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(PACKAGE)) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
