package io.espalier.configs;

import java.util.List;
import java.util.Optional;

/**
 * The network of a run; input shape and class count come from its data.
 *
 * @param weights where its first values are stored; without it they are drawn
 */
public record ModelConfig(Architecture architecture, Optional<WeightsConfig> weights) {
  /** A network whose first values are drawn. */
  public ModelConfig(Architecture architecture) {
    this(architecture, Optional.empty());
  }

  /** The layers of a network. */
  public sealed interface Architecture {
    /** The name that a recipe uses. */
    String kind();
  }

  /** Fully connected layers with ReLU between them. */
  public record Mlp(List<Integer> hidden) implements Architecture {
    public Mlp {
      hidden = List.copyOf(hidden);
      new Rules()
          .require(
              "hidden",
              hidden,
              hidden.stream().allMatch(width -> width >= 1),
              "widths of 1 or more")
          .verify();
    }

    @Override
    public String kind() {
      return "mlp";
    }
  }

  /** LeNet-300-100 (LeCun, Bottou, Bengio and Haffner, 1998), with ReLU. */
  public record LeNet300100() implements Architecture {
    @Override
    public String kind() {
      return "lenet-300-100";
    }
  }

  /** LeNet-5 in its 20-50-500 form (LeCun, Bottou, Bengio and Haffner, 1998), with ReLU. */
  public record LeNet5() implements Architecture {
    @Override
    public String kind() {
      return "lenet-5";
    }
  }

  /**
   * Residual network for small images (He, Zhang, Ren and Sun, 2016).
   *
   * @param depth 6n + 2 weighted layers; only 8 is built
   * @param width channels of the first stage
   */
  public record ResNet(int depth, int width) implements Architecture {
    public ResNet {
      new Rules()
          .require("depth", depth, depth == 8, "8")
          .require("width", width, width >= 1 && width <= 1024, "from 1 to 1024")
          .verify();
    }

    @Override
    public String kind() {
      return "resnet-" + depth;
    }
  }

  /** A network that the user brings. */
  public record Custom(CustomSettings settings) implements Architecture {
    @Override
    public String kind() {
      return settings.name();
    }
  }
}
