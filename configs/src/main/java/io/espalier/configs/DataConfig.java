package io.espalier.configs;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The examples of a run.
 *
 * @param batchSize examples per step and trainer
 * @param validation share of the training examples that is held out for evaluation while training
 */
public record DataConfig(Source source, int batchSize, double validation) {
  public DataConfig {
    new Rules()
        .require("batch-size", batchSize, batchSize >= 1, "1 or more")
        .require(
            "validation",
            validation,
            validation >= 0 && validation < 1,
            "at least 0% and below 100%")
        .verify();
  }

  /** Where examples come from. */
  public sealed interface Source {
    /** The name that a recipe uses. */
    String kind();
  }

  /** Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017) as four gzipped IDX files in one directory. */
  public record FashionMnist(Optional<Path> path) implements Source {
    @Override
    public String kind() {
      return "fashion-mnist";
    }
  }

  /**
   * The bundled handwritten digits (Alpaydin and Kaynak, 1998): 1,797 images of 8×8.
   *
   * @param test share of the examples that makes the test set
   */
  public record Digits(double test) implements Source {
    public Digits {
      new Rules().require("test", test, test > 0 && test < 1, "above 0% and below 100%").verify();
    }

    @Override
    public String kind() {
      return "digits";
    }
  }

  /** A CSV file with a header row; every column but the label is a number. */
  public record Csv(Path path, String label, TestSet test) implements Source {
    @Override
    public String kind() {
      return "csv";
    }
  }

  /** A source that the user brings. */
  public record Custom(CustomSettings settings) implements Source {
    @Override
    public String kind() {
      return settings.name();
    }
  }

  /** Which examples of a CSV source are kept for the test. */
  public sealed interface TestSet {
    /** A share of the rows, drawn with the run's seed. */
    record Share(double share) implements TestSet {
      public Share {
        new Rules()
            .require("test", share, share > 0 && share < 1, "above 0% and below 100%")
            .verify();
      }
    }

    /** A file of its own, with the same columns. */
    record File(Path path) implements TestSet {}
  }
}
