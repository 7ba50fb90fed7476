package io.espalier.trainer.prepare;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RunConfig;
import io.espalier.masks.statistic.SynapticFlow;
import io.espalier.masks.update.StatisticRequests;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.network.Network;

/** Networks read tokens where the data are text, and only there. */
final class TextNetworks {
  private TextNetworks() {}

  static void requireFit(RunConfig config, Network network, Dataset dataset) {
    if (dataset.isText() && !network.readsTokens()) {
      throw InvalidConfigException.of(
          "model",
          "must read tokens where the data are text: data=%s; take char-lm, or begin with token-embedding"
              .formatted(dataset.name()));
    }
    if (!dataset.isText() && network.readsTokens()) {
      throw InvalidConfigException.of(
          "data.kind", "must be text for a network that reads tokens: data=" + dataset.name());
    }
    if (dataset.isText()
        && StatisticRequests.of(config.prune(), config.seed()).measure(SynapticFlow.OF_WEIGHTS)) {
      throw InvalidConfigException.of(
          "prune.score",
          "must not be %s where inputs are tokens, as it shows the network an example of ones: data=%s; name another score"
              .formatted(config.prune().score(), dataset.name()));
    }
    int labels = dataset.train().positions();
    if (network.positions() != labels) {
      throw InvalidConfigException.of(
          "model",
          "must give one output per label of an example: outputs=%d, labels=%d; the next token is learned at each position of a text"
              .formatted(network.positions(), labels));
    }
  }
}
