package io.espalier.trainer.prepare;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.masks.statistic.SynapticFlow;
import io.espalier.masks.update.StatisticRequests;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.network.Network;
import java.util.OptionalInt;

/** Networks read tokens where the data are text, and only there. */
final class TextNetworks {
  private TextNetworks() {}

  static void requireFit(RunConfig config, Network network, Dataset dataset) {
    OptionalInt read = network.tokens();
    if (dataset.isText() && read.isEmpty()) {
      throw InvalidConfigException.of(
          "model",
          "must read tokens where the data are text: data=%s; take %s, or begin with token-embedding"
              .formatted(
                  dataset.name(), dataset.train().positions() > 1 ? "char-lm" : "text-classifier"));
    }
    if (!dataset.isText() && read.isPresent()) {
      throw InvalidConfigException.of(
          "data.kind",
          "must be text or labelled-text for a network that reads tokens: data=" + dataset.name());
    }
    if (dataset.isText() && read.getAsInt() < dataset.sizes().tokens()) {
      throw InvalidConfigException.of(
          "data.vocabulary",
          "must have no more tokens than the network reads: tokens=%d, network=%d; take the tokenizer of the network"
              .formatted(dataset.sizes().tokens(), read.getAsInt()));
    }
    if (dataset.isText()
        && StatisticRequests.of(config.prune(), config.seed()).measure(SynapticFlow.OF_WEIGHTS)) {
      throw InvalidConfigException.of(
          "prune.score",
          "must not be %s where inputs are tokens, as it shows the network an example of ones: data=%s; name another score"
              .formatted(config.prune().ranking().score(), dataset.name()));
    }
    int labels = dataset.train().positions();
    if (network.positions() != labels) {
      throw InvalidConfigException.of(
          "model",
          "must give one output per label of an example: outputs=%d, labels=%d; the next token is learned at each position of a text, one class of a labelled text"
              .formatted(network.positions(), labels));
    }
  }
}
