package io.espalier.bench.units;

import java.util.List;

/**
 * A network whose units are compared.
 *
 * @param recipe of every line, before its overrides; the first layer and the last stay dense
 * @param channels the granularity that stands for channels
 * @param epochs by default
 * @param examples of which {@code --images} takes a part; 0 for a text
 */
record UnitStudy(String network, String recipe, String channels, int epochs, int examples) {
  private static final int FASHION_MNIST = 60_000;
  private static final String CHANNELS = "{kind=channel,budget=macs,settle=0}";

  static List<UnitStudy> all() {
    return List.of(
        images("lenet-5", "lenet-5", 0.05, "[\"conv1.*\",\"output.*\"]", 6),
        images(
            "resnet-20", "{ kind = resnet-20, width = 16 }", 0.1, "[\"stem.*\",\"output.*\"]", 6),
        text());
  }

  boolean isText() {
    return examples == 0;
  }

  private static UnitStudy images(
      String network, String model, double rate, String dense, int epochs) {
    return new UnitStudy(
        network,
        """
        name = units
        data { kind = fashion-mnist, batch-size = 128 }
        model = %s
        train {
          evaluate-every = none
          optimizer { kind = sgd, momentum = 0.9, weight-decay = 5e-4 }
          learning-rate { kind = cosine, initial = %s, warm-up = 10%% }
        }
        %s
        """
            .formatted(model, rate, prune(dense)),
        CHANNELS,
        epochs,
        FASHION_MNIST);
  }

  private static UnitStudy text() {
    return new UnitStudy(
        "char-lm",
        """
        name = units
        data { kind = text, context = 64, batch-size = 32, validation = 0%% }
        model { kind = char-lm, layers = 4, features = 128, heads = 4 }
        train {
          evaluate-every = none
          clip-norm = 1
          optimizer { kind = adamw, weight-decay = 0.01 }
          learning-rate { kind = cosine, initial = 0.002, warm-up = 10%% }
        }
        %s
        """
            .formatted(prune("[\"tokens.*\",\"positions.*\",\"output.*\"]")),
        CHANNELS,
        4,
        0);
  }

  private static String prune(String dense) {
    return """
    prune {
      exclude = %s
      allocation = uniform
      schedule { kind = cubic, begin = 20%%, end = 70%%, updates = 10 }
    }
    """
        .formatted(dense);
  }
}
