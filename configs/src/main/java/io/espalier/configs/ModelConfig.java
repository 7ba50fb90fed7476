package io.espalier.configs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The network of a run; data gives input shape and class count.
 *
 * @param weights stored values to start from, in place of drawn ones
 * @param initial how values are drawn
 */
public record ModelConfig(
    Architecture architecture, Optional<WeightsConfig> weights, MemberSettings initial) {
  /** He-normal weights, which every network drew before recipes could choose. */
  public static final MemberSettings HE = MemberSettings.of("he").with("gain", 1.0);

  public ModelConfig {
    boolean drawsTwice =
        weights.isPresent() && architecture instanceof Onnx onnx && !onnx.draw().isEmpty();
    new Rules()
        .require(
            "draw",
            architecture instanceof Onnx onnx ? onnx.draw() : List.of(),
            !drawsTwice,
            "left away beside weights, which have draw of their own")
        .verify();
  }

  public ModelConfig(Architecture architecture) {
    this(architecture, Optional.empty(), HE);
  }

  public sealed interface Architecture {
    String kind();

    /** The files that it is read from, by key. */
    default Map<String, Path> files() {
      return Map.of();
    }
  }

  /** A network that a user's class builds. */
  public record Custom(MemberSettings settings) implements Architecture {
    @Override
    public String kind() {
      return settings.name();
    }

    @Override
    public Map<String, Path> files() {
      return settings.paths();
    }
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

  /** LeNet-5 with batch normalisation behind each hidden layer. */
  public record LeNet5BatchNorm() implements Architecture {
    @Override
    public String kind() {
      return "lenet-5-bn";
    }
  }

  /**
   * Residual network for small images (He, Zhang, Ren and Sun, 2016).
   *
   * @param depth 6n + 2 weighted layers, from 8 to 56
   * @param width channels of the first stage
   */
  public record ResNet(int depth, int width) implements Architecture {
    public ResNet {
      new Rules()
          .require(
              "depth",
              depth,
              depth >= 8 && depth <= 56 && depth % 6 == 2,
              "8, 14, 20, 26, 32, 38, 44, 50 or 56")
          .require("width", width, width >= 1 && width <= 1024, "from 1 to 1024")
          .verify();
    }

    @Override
    public String kind() {
      return "resnet-" + depth;
    }
  }

  /**
   * Small network of depth-wise separable convolutions (Howard et al., "MobileNets: Efficient
   * Convolutional Neural Networks for Mobile Vision Applications", 2017), for images of about
   * 32×32. The stem has {@code width} channels, the last block 16 times as many.
   */
  public record MobileNet(int width) implements Architecture {
    public MobileNet {
      new Rules().require("width", width, width >= 1 && width <= 1024, "from 1 to 1024").verify();
    }

    @Override
    public String kind() {
      return "mobilenet";
    }
  }

  /**
   * Causal transformer that gives the next token at each position (Vaswani et al., "Attention Is
   * All You Need", 2017), with norms before attention and feed-forward layers (Xiong et al., "On
   * Layer Normalization in the Transformer Architecture", 2020).
   *
   * @param features width of the sequence, shared by the heads
   * @param keyValueHeads a divisor of the heads, which share keys and values
   * @param hidden width of the feed-forward layers
   */
  public record CharLm(
      int layers,
      int features,
      int heads,
      int keyValueHeads,
      int hidden,
      Positions positions,
      SequenceNorm norm,
      FeedForward feedForward)
      implements Architecture {
    private static final int MOST_LAYERS = 256;
    private static final int MOST_FEATURES = 65_536;

    public CharLm {
      boolean shares = heads >= 1 && features >= 1 && features % heads == 0;
      new Rules()
          .require("layers", layers, layers >= 1 && layers <= MOST_LAYERS, "from 1 to 256")
          .require(
              "features", features, features >= 1 && features <= MOST_FEATURES, "from 1 to 65536")
          .require("heads", heads, shares, "a divisor of features")
          .require(
              "heads",
              heads,
              !shares || positions != Positions.ROTARY || features / heads % 2 == 0,
              "so many that each has an even number of features, as rotary positions need")
          .require(
              "key-value-heads",
              keyValueHeads,
              keyValueHeads >= 1 && (heads < 1 || heads % keyValueHeads == 0),
              "a divisor of heads")
          .require("hidden", hidden, hidden >= 1 && hidden <= 4 * MOST_FEATURES, "from 1 to 262144")
          .verify();
    }

    @Override
    public String kind() {
      return "char-lm";
    }
  }

  /**
   * Transformer over patches of small images (Dosovitskiy et al., "An Image is Worth 16x16 Words:
   * Transformers for Image Recognition at Scale", 2021).
   *
   * @param patch side of a square patch, a divisor of the images' height and width
   * @param features width of the sequence of patches, shared by the heads
   * @param hidden width of the feed-forward layers
   * @param pooling what is classified
   */
  public record TinyVit(int patch, int layers, int features, int heads, int hidden, Pooling pooling)
      implements Architecture {
    public TinyVit {
      new Rules()
          .require("patch", patch, patch >= 1 && patch <= 1024, "from 1 to 1024")
          .require("layers", layers, layers >= 1 && layers <= 256, "from 1 to 256")
          .require("features", features, features >= 1 && features <= 65_536, "from 1 to 65536")
          .require(
              "heads",
              heads,
              heads >= 1 && features >= 1 && features % heads == 0,
              "a divisor of features")
          .require("hidden", hidden, hidden >= 1 && hidden <= 262_144, "from 1 to 262144")
          .verify();
    }

    @Override
    public String kind() {
      return "tiny-vit";
    }
  }

  /**
   * Transformer that gives one class to a text: its positions see all others, and the mean of those
   * that hold tokens is classified.
   *
   * @param blocks its layers but for the last ones
   */
  public record TextClassifier(CharLm blocks) implements Architecture {
    @Override
    public String kind() {
      return "text-classifier";
    }
  }

  /** Says what a transformer classifies of a sequence. */
  public enum Pooling {
    /** The mean of all positions. */
    MEAN,
    /** A position with a learned vector, put before the others. */
    CLASS_TOKEN
  }

  /** How a transformer tells positions apart. */
  public enum Positions {
    /** By features that are learned for each. */
    LEARNED,
    /** By turning queries and keys. */
    ROTARY
  }

  /** The norm of a transformer's blocks. */
  public enum SequenceNorm {
    LAYER,
    RMS
  }

  /** The layers behind attention. */
  public enum FeedForward {
    /** Two linear layers with GELU between them. */
    GELU,
    /** The second reads a product: of a linear layer, and of another one's SiLU (Shazeer, 2020). */
    GATED
  }

  /**
   * The network of an ONNX file with its values.
   *
   * @param sha256 digest that the file must have, in lower-case hexadecimal
   * @param draw patterns over parameters that are drawn in place of the file's values, as in {@link
   *     WeightsConfig}
   * @param output name of the output to take; empty for the only one
   */
  public record Onnx(
      Path file, Optional<String> sha256, List<String> draw, Optional<String> output, Head head)
      implements Architecture {
    /** The only output of a file. */
    public Onnx(Path file, Optional<String> sha256, List<String> draw) {
      this(file, sha256, draw, Optional.empty(), Head.NONE);
    }

    public Onnx {
      draw = List.copyOf(draw);
      new Rules().requireSha256(sha256).verify();
    }

    @Override
    public String kind() {
      return "onnx";
    }

    @Override
    public Map<String, Path> files() {
      return Map.of("file", file);
    }
  }

  /** Says what is put on a file's output. */
  public enum Head {
    /** Nothing: the file gives a value per class. */
    NONE,
    /** A linear layer for the classes, on the mean over the positions of a text or an image. */
    LINEAR
  }

  /** A network that a recipe spells out layer by layer; the last layer gives the output. */
  public record Layers(List<LayerConfig.Named> layers) implements Architecture {
    public Layers {
      layers = List.copyOf(layers);
      LayerRules.verify(layers);
    }

    @Override
    public String kind() {
      return "layers";
    }
  }
}
