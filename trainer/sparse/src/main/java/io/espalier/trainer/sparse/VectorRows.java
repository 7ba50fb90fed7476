package io.espalier.trainer.sparse;

import static io.espalier.trainer.sparse.VectorLanes.LANES;
import static io.espalier.trainer.sparse.VectorLanes.SPECIES;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Whole vectors, and {@link ScalarRows} for the rest of a run. */
final class VectorRows implements Rows {
  private static final VectorSpecies<Float> S = SPECIES;
  private static final int L = LANES;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, SPECIES.vectorShape());

  /** As many as there are lanes, but no fewer than the shortest vector has. */
  private static final VectorSpecies<Byte> BYTES =
      L == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  private final ScalarRows rest = new ScalarRows();

  private static int whole(int count) {
    return count - count % L;
  }

  @Override
  public void add(float[] from, int at, float[] to, int toAt, int count) {
    sum(from, at, to, toAt, to, toAt, count);
  }

  @Override
  public void sum(float[] x, int at, float[] y, int yAt, float[] to, int toAt, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += L) {
      FloatVector.fromArray(S, x, at + i)
          .add(FloatVector.fromArray(S, y, yAt + i))
          .intoArray(to, toAt + i);
    }
    rest.sum(x, at + whole, y, yAt + whole, to, toAt + whole, count - whole);
  }

  @Override
  public void relu(float[] values, int at, int count) {
    int whole = whole(count);
    FloatVector zero = FloatVector.zero(S);
    for (int i = 0; i < whole; i += L) {
      FloatVector.fromArray(S, values, at + i).max(zero).intoArray(values, at + i);
    }
    rest.relu(values, at + whole, count - whole);
  }

  @Override
  public void scaled(
      float[] x,
      int at,
      float mean,
      float gain,
      float shift,
      float @Nullable [] addend,
      int addendAt,
      boolean relu,
      float[] to,
      int toAt,
      int count) {
    int whole = whole(count);
    float floor = relu ? 0 : Float.NEGATIVE_INFINITY;
    if (addend == null) {
      scaled(x, at, mean, gain, shift, floor, to, toAt, whole);
    } else {
      scaledSum(x, at, mean, gain, shift, addend, addendAt, floor, to, toAt, whole);
    }
    int from = at + whole;
    int addFrom = addendAt + whole;
    int left = count - whole;
    rest.scaled(x, from, mean, gain, shift, addend, addFrom, relu, to, toAt + whole, left);
  }

  private static void scaled(
      float[] x,
      int at,
      float mean,
      float gain,
      float shift,
      float floor,
      float[] to,
      int toAt,
      int whole) {
    FloatVector by = FloatVector.broadcast(S, gain);
    FloatVector more = FloatVector.broadcast(S, shift);
    FloatVector least = FloatVector.broadcast(S, floor);
    for (int i = 0; i < whole; i += L) {
      FloatVector.fromArray(S, x, at + i)
          .sub(mean)
          .fma(by, more)
          .max(least)
          .intoArray(to, toAt + i);
    }
  }

  private static void scaledSum(
      float[] x,
      int at,
      float mean,
      float gain,
      float shift,
      float[] addend,
      int addendAt,
      float floor,
      float[] to,
      int toAt,
      int whole) {
    FloatVector by = FloatVector.broadcast(S, gain);
    FloatVector more = FloatVector.broadcast(S, shift);
    FloatVector least = FloatVector.broadcast(S, floor);
    for (int i = 0; i < whole; i += L) {
      FloatVector.fromArray(S, x, at + i)
          .sub(mean)
          .fma(by, more)
          .add(FloatVector.fromArray(S, addend, addendAt + i))
          .max(least)
          .intoArray(to, toAt + i);
    }
  }

  @Override
  public void normGradient(
      float[] g,
      int at,
      float gain,
      float[] x,
      int xAt,
      float mean,
      float slope,
      float all,
      float[] to,
      int toAt,
      int count,
      boolean adds) {
    int whole = whole(count);
    if (adds) {
      normGradientSum(g, at, gain, x, xAt, mean, slope, all, to, toAt, whole);
    } else {
      normGradient(g, at, gain, x, xAt, mean, slope, all, to, toAt, whole);
    }
    int left = count - whole;
    rest.normGradient(
        g, at + whole, gain, x, xAt + whole, mean, slope, all, to, toAt + whole, left, adds);
  }

  private static void normGradient(
      float[] g,
      int at,
      float gain,
      float[] x,
      int xAt,
      float mean,
      float slope,
      float all,
      float[] to,
      int toAt,
      int whole) {
    FloatVector by = FloatVector.broadcast(S, gain);
    FloatVector steep = FloatVector.broadcast(S, slope);
    FloatVector more = FloatVector.broadcast(S, all);
    for (int i = 0; i < whole; i += L) {
      FloatVector base = FloatVector.fromArray(S, x, xAt + i).sub(mean).fma(steep, more);
      FloatVector.fromArray(S, g, at + i).fma(by, base).intoArray(to, toAt + i);
    }
  }

  private static void normGradientSum(
      float[] g,
      int at,
      float gain,
      float[] x,
      int xAt,
      float mean,
      float slope,
      float all,
      float[] to,
      int toAt,
      int whole) {
    FloatVector by = FloatVector.broadcast(S, gain);
    FloatVector steep = FloatVector.broadcast(S, slope);
    FloatVector more = FloatVector.broadcast(S, all);
    for (int i = 0; i < whole; i += L) {
      FloatVector base = FloatVector.fromArray(S, x, xAt + i).sub(mean).fma(steep, more);
      FloatVector.fromArray(S, to, toAt + i)
          .add(FloatVector.fromArray(S, g, at + i).fma(by, base))
          .intoArray(to, toAt + i);
    }
  }

  @Override
  public void multiple(
      float[] x, int at, float factor, float[] to, int toAt, int count, boolean adds) {
    int whole = whole(count);
    FloatVector by = FloatVector.broadcast(S, factor);
    if (adds) {
      for (int i = 0; i < whole; i += L) {
        FloatVector before = FloatVector.fromArray(S, to, toAt + i);
        FloatVector.fromArray(S, x, at + i).fma(by, before).intoArray(to, toAt + i);
      }
    } else {
      for (int i = 0; i < whole; i += L) {
        FloatVector.fromArray(S, x, at + i).mul(by).intoArray(to, toAt + i);
      }
    }
    rest.multiple(x, at + whole, factor, to, toAt + whole, count - whole, adds);
  }

  @Override
  public void product(
      float[] x, int at, float[] y, int yAt, float[] to, int toAt, int count, boolean adds) {
    int whole = whole(count);
    if (adds) {
      for (int i = 0; i < whole; i += L) {
        FloatVector before = FloatVector.fromArray(S, to, toAt + i);
        FloatVector by = FloatVector.fromArray(S, y, yAt + i);
        FloatVector.fromArray(S, x, at + i).fma(by, before).intoArray(to, toAt + i);
      }
    } else {
      for (int i = 0; i < whole; i += L) {
        FloatVector by = FloatVector.fromArray(S, y, yAt + i);
        FloatVector.fromArray(S, x, at + i).mul(by).intoArray(to, toAt + i);
      }
    }
    rest.product(x, at + whole, y, yAt + whole, to, toAt + whole, count - whole, adds);
  }

  @Override
  public void ofBytes(
      byte[] from, int at, float shift, float scale, float[] to, int toAt, int count) {
    int whole = count - count % BYTES.length();
    for (int i = 0; i < whole; i += BYTES.length()) {
      Vector<Byte> bytes = ByteVector.fromArray(BYTES, from, at + i);
      floats(bytes, 0).sub(shift).mul(scale).intoArray(to, toAt + i);
      if (BYTES.length() > L) {
        floats(bytes, 1).sub(shift).mul(scale).intoArray(to, toAt + i + L);
      }
    }
    rest.ofBytes(from, at + whole, shift, scale, to, toAt + whole, count - whole);
  }

  /** One vector of the values of bytes from 0 to 255. */
  private static FloatVector floats(Vector<Byte> bytes, int part) {
    Vector<Integer> signed = bytes.convertShape(VectorOperators.B2I, INTS, part);
    Vector<Integer> values = signed.lanewise(VectorOperators.AND, 0xff);
    return (FloatVector) values.convertShape(VectorOperators.I2F, S, 0);
  }

  @Override
  public void largest(float[] x, int at, float[] to, int toAt, int count) {
    int whole = whole(count);
    for (int i = 0; i < whole; i += L) {
      FloatVector before = FloatVector.fromArray(S, to, toAt + i);
      FloatVector.fromArray(S, x, at + i).max(before).intoArray(to, toAt + i);
    }
    rest.largest(x, at + whole, to, toAt + whole, count - whole);
  }

  @Override
  public void toWanted(
      float[] x,
      int at,
      float[] wanted,
      float[] gradient,
      int gradientAt,
      float[] to,
      int toAt,
      int count) {
    int whole = whole(count);
    FloatVector nothing = FloatVector.broadcast(S, Float.NaN);
    for (int i = 0; i < whole; i += L) {
      FloatVector result = FloatVector.fromArray(S, wanted, i);
      VectorMask<Float> here =
          result.compare(VectorOperators.EQ, FloatVector.fromArray(S, x, at + i));
      FloatVector before = FloatVector.fromArray(S, to, toAt + i);
      FloatVector after = before.add(FloatVector.fromArray(S, gradient, gradientAt + i));
      before.blend(after, here).intoArray(to, toAt + i);
      result.blend(nothing, here).intoArray(wanted, i);
    }
    ScalarRows.toWanted(x, at, wanted, gradient, gradientAt, to, toAt, whole, count);
  }
}
