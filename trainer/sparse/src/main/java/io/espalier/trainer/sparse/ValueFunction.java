package io.espalier.trainer.sparse;

import io.espalier.trainer.network.Activation;

/** A function of one value, and its slope. Both are the same on every machine. */
interface ValueFunction {
  float value(float x);

  float slope(float x);

  static ValueFunction of(Activation.Function function) {
    return switch (function) {
      case RELU -> new Clip(0, Float.POSITIVE_INFINITY);
      case RELU6 -> new Clip(0, 6);
      case HARD_SWISH -> new HardSwish();
      case SIGMOID -> new Sigmoid();
      case TANH -> new Tanh();
      case GELU -> new Gelu();
      case GELU_TANH -> new GeluTanh();
      case SILU -> new Silu();
    };
  }

  /** Slope 0 at and beyond its bounds, as of a ReLU at 0. */
  record Clip(float min, float max) implements ValueFunction {
    @Override
    public float value(float x) {
      return Math.min(Math.max(x, min), max);
    }

    @Override
    public float slope(float x) {
      return x > min && x < max ? 1 : 0;
    }
  }

  record LeakyRelu(float below) implements ValueFunction {
    @Override
    public float value(float x) {
      return x > 0 ? x : x * below;
    }

    @Override
    public float slope(float x) {
      return x > 0 ? 1 : below;
    }
  }

  record Affine(float scale, float shift) implements ValueFunction {
    @Override
    public float value(float x) {
      return x * scale + shift;
    }

    @Override
    public float slope(float x) {
      return scale;
    }
  }

  record HardSwish() implements ValueFunction {
    @Override
    public float value(float x) {
      return x * Math.min(Math.max(x + 3, 0), 6) / 6;
    }

    @Override
    public float slope(float x) {
      return x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6;
    }
  }

  record Sigmoid() implements ValueFunction {
    @Override
    public float value(float x) {
      return (float) (1 / (1 + PolynomialFunctions.of(-x)));
    }

    @Override
    public float slope(float x) {
      double y = 1 / (1 + PolynomialFunctions.of(-x));
      return (float) (y * (1 - y));
    }
  }

  /** {@code x · sigmoid(x)}. */
  record Silu() implements ValueFunction {
    @Override
    public float value(float x) {
      return (float) (x / (1 + PolynomialFunctions.of(-x)));
    }

    @Override
    public float slope(float x) {
      double y = 1 / (1 + PolynomialFunctions.of(-x));
      return (float) (y * (1 + x * (1 - y)));
    }
  }

  record Tanh() implements ValueFunction {
    @Override
    public float value(float x) {
      return (float) tanh(x);
    }

    @Override
    public float slope(float x) {
      double y = tanh(x);
      return (float) (1 - y * y);
    }

    private static double tanh(double x) {
      double e = PolynomialFunctions.of(-2 * Math.abs(x));
      return Math.copySign((1 - e) / (1 + e), x);
    }
  }

  /** {@code x · (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2}. */
  record GeluTanh() implements ValueFunction {
    private static final double SLOPE = 0.7978845608028654;
    private static final double CUBIC = 0.044715;

    @Override
    public float value(float x) {
      return (float) (0.5 * x * (1 + bend(x)));
    }

    @Override
    public float slope(float x) {
      double bend = bend(x);
      double steepness = SLOPE * (1 + 3 * CUBIC * x * x);
      return (float) (0.5 * (1 + bend) + 0.5 * x * (1 - bend * bend) * steepness);
    }

    private static double bend(double x) {
      return Tanh.tanh(SLOPE * (x + CUBIC * x * x * x));
    }
  }

  /** {@code x · Φ(x)}, Φ the normal distribution. */
  record Gelu() implements ValueFunction {
    private static final double ROOT_HALF = 0.7071067811865476;
    private static final double DENSITY = 0.3989422804014327;

    @Override
    public float value(float x) {
      return (float) (x * distribution(x));
    }

    @Override
    public float slope(float x) {
      return (float) (distribution(x) + x * DENSITY * PolynomialFunctions.of(-0.5 * x * x));
    }

    private static double distribution(double x) {
      return 0.5 * PolynomialFunctions.complementaryError(-x * ROOT_HALF);
    }
  }
}
