package io.espalier.configs;

import java.util.List;
import java.util.Locale;

/** One kind of layer with its settings, as a recipe spells it; its name and inputs are outside. */
public sealed interface LayerConfig {
  /** The name that a recipe uses. */
  String kind();

  /** What its name begins with where a recipe gives it none. */
  default String shortName() {
    return kind();
  }

  /** Whether it takes two or more inputs; all others take exactly one. */
  default boolean joins() {
    return false;
  }

  /** Channels or features that a layer gives. */
  sealed interface Outputs {
    /** Their number for data of so many classes. */
    int count(int classes);
  }

  /** A number of outputs that the recipe gives. */
  record Fixed(int outputs) implements Outputs {
    public Fixed {
      new Rules().require("outputs", outputs, outputs >= 1, "1 or more").verify();
    }

    @Override
    public int count(int classes) {
      return outputs;
    }

    @Override
    public String toString() {
      return String.valueOf(outputs);
    }
  }

  /** As many outputs as the data has classes. */
  record Classes() implements Outputs {
    /** How a recipe writes it. */
    public static final String WORD = "classes";

    @Override
    public int count(int classes) {
      return classes;
    }

    @Override
    public String toString() {
      return WORD;
    }
  }

  /** A square window that moves over an image; {@code padding} counts zeros on each side. */
  record Window(int kernel, int stride, int padding) {
    private static final int LONGEST = 1000;

    public Window {
      new Rules()
          .require("kernel", kernel, kernel >= 1 && kernel <= LONGEST, "from 1 to " + LONGEST)
          .require("stride", stride, stride >= 1 && stride <= LONGEST, "from 1 to " + LONGEST)
          .require("padding", padding, padding >= 0 && padding <= LONGEST, "from 0 to " + LONGEST)
          .verify();
    }

    private void requirePoolPadding() {
      new Rules()
          .require("padding", padding, padding <= kernel / 2, "at most half of the kernel")
          .verify();
    }
  }

  /**
   * Two-dimensional convolution.
   *
   * @param groups parts into which inputs and outputs are split, each output seeing only its own
   *     part; as many as there are input channels makes it depth-wise
   */
  record Convolution(Outputs outputs, Window window, int groups, boolean bias)
      implements LayerConfig {
    public Convolution {
      new Rules()
          .require("groups", groups, groups >= 1, "1 or more")
          .require(
              "groups",
              groups,
              groups < 1 || !(outputs instanceof Fixed fixed) || fixed.outputs() % groups == 0,
              "a divisor of outputs")
          .verify();
    }

    @Override
    public String kind() {
      return "convolution";
    }

    @Override
    public String shortName() {
      return "conv";
    }
  }

  /** Fully connected layer. */
  record Linear(Outputs outputs, boolean bias) implements LayerConfig {
    @Override
    public String kind() {
      return "linear";
    }

    @Override
    public String shortName() {
      return "fc";
    }
  }

  /** Batch normalisation over all axes but the channels (Ioffe and Szegedy, 2015). */
  record BatchNorm() implements LayerConfig {
    @Override
    public String kind() {
      return "batch-norm";
    }

    @Override
    public String shortName() {
      return "norm";
    }
  }

  /**
   * Group normalisation: of each example by itself, over blocks of channels and all places (Wu and
   * He, 2018).
   *
   * @param groups blocks of channels of one size; must divide the channels
   */
  record GroupNorm(int groups) implements LayerConfig {
    public GroupNorm {
      new Rules().require("groups", groups, groups >= 1, "1 or more").verify();
    }

    @Override
    public String kind() {
      return "group-norm";
    }

    @Override
    public String shortName() {
      return "norm";
    }
  }

  /** Layer normalisation: of each example by itself, over all its values (Ba et al., 2016). */
  record LayerNorm() implements LayerConfig {
    @Override
    public String kind() {
      return "layer-norm";
    }

    @Override
    public String shortName() {
      return "norm";
    }
  }

  /** A fixed function of each value alone. */
  record Activation(Function function) implements LayerConfig {
    @Override
    public String kind() {
      return function.kind();
    }

    @Override
    public String shortName() {
      return function == Function.RELU6 ? Function.RELU.kind() : kind();
    }
  }

  /** Which function of a value x. */
  enum Function {
    /** max(x, 0). */
    RELU,
    /** min(max(x, 0), 6) (Howard et al., "MobileNets", 2017). */
    RELU6,
    /** x · relu6(x + 3) / 6 (Howard et al., "Searching for MobileNetV3", 2019). */
    HARD_SWISH,
    /** 1 / (1 + exp(−x)). */
    SIGMOID,
    /** (exp(x) − exp(−x)) / (exp(x) + exp(−x)). */
    TANH,
    /** x · Φ(x), Φ the normal distribution (Hendrycks and Gimpel, 2016). */
    GELU;

    /** The name that a recipe uses. */
    public String kind() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** x where that is positive, else {@code slope} · x (Maas, Hannun and Ng, 2013). */
  record LeakyRelu(double slope) implements LayerConfig {
    public LeakyRelu {
      new Rules()
          .require("slope", slope, slope >= 0 && slope < 1, "at least 0 and below 1")
          .verify();
    }

    @Override
    public String kind() {
      return "leaky-relu";
    }
  }

  /** Largest value of each window; padding never wins. */
  record MaxPool(Window window) implements LayerConfig {
    public MaxPool {
      window.requirePoolPadding();
    }

    @Override
    public String kind() {
      return "max-pool";
    }

    @Override
    public String shortName() {
      return "pool";
    }
  }

  /** Mean of each window, the zeros of its padding included. */
  record AveragePool(Window window) implements LayerConfig {
    public AveragePool {
      window.requirePoolPadding();
    }

    @Override
    public String kind() {
      return "average-pool";
    }

    @Override
    public String shortName() {
      return "pool";
    }
  }

  /** Mean of each channel; gives a vector. */
  record GlobalAveragePool() implements LayerConfig {
    @Override
    public String kind() {
      return "global-average-pool";
    }

    @Override
    public String shortName() {
      return "pool";
    }
  }

  /** All values of an example as one vector. */
  record Flatten() implements LayerConfig {
    @Override
    public String kind() {
      return "flatten";
    }
  }

  /** Sum of inputs of one shape. */
  record Add() implements LayerConfig {
    @Override
    public String kind() {
      return "add";
    }

    @Override
    public boolean joins() {
      return true;
    }
  }

  /** Inputs behind one another along their channels or features. */
  record Concat() implements LayerConfig {
    @Override
    public String kind() {
      return "concat";
    }

    @Override
    public boolean joins() {
      return true;
    }
  }

  /**
   * A layer in its place.
   *
   * @param from names of the earlier layers that it reads, or {@link #INPUT}
   */
  record Named(String name, LayerConfig layer, List<String> from) {
    /** What stands for the example in {@code from}. */
    public static final String INPUT = "input";

    public Named {
      from = List.copyOf(from);
    }
  }
}
