package io.espalier.trainer.federated;

import io.espalier.configs.FederationConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.RoundsConfig;
import io.espalier.configs.RunConfig;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.prepare.InitialValues;
import io.espalier.trainer.prepare.PreparedRun;
import java.util.Arrays;

/**
 * The recipe of a federation together with all that follows from it. Everything that can be refused
 * is refused here, before anything is written.
 *
 * @param run its plan counts rounds; its state holds moments, as clients train with it
 * @param values the same, whose state is the network's values alone: what a server holds
 */
public record PreparedFederation(PreparedRun run, PreparedRun values, RoundsConfig rounds) {
  /**
   * Loads the server's data and lays out the federation.
   *
   * @throws InvalidConfigException if the recipe asks for what data or network do not allow
   */
  public static PreparedFederation of(RunConfig config, DataHome home) {
    PreparedFederation federation = toResume(config, home);
    InitialValues.verify(config, federation.run.network());
    return federation;
  }

  /**
   * The same for one that goes on from a checkpoint: the weights that it started from need not be
   * there any more.
   */
  public static PreparedFederation toResume(RunConfig config, DataHome home) {
    requireRounds(config);
    return over(config, Datasets.load(config.data(), config.seed(), home));
  }

  /**
   * The same for data at hand.
   *
   * @throws InvalidConfigException if the recipe asks for what data or network do not allow
   */
  public static PreparedFederation over(RunConfig config, Dataset dataset) {
    RoundsConfig rounds = requireRounds(config);
    if (rounds.serverExamples() > dataset.train().count()) {
      throw InvalidConfigException.of(
          "federation.server-examples",
          "must not be more than there are: server-examples=%d, examples=%d"
              .formatted(rounds.serverExamples(), dataset.train().count()));
    }
    return ofClient(config, dataset);
  }

  /**
   * The same for a client's own data, none of which is the server's.
   *
   * @throws InvalidConfigException if the recipe asks for what data or network do not allow
   */
  public static PreparedFederation ofClient(RunConfig config, Dataset dataset) {
    RoundsConfig rounds = requireRounds(config);
    PreparedRun run = PreparedRun.ofRounds(config, rounds.rounds(), dataset);
    return new PreparedFederation(run, run.ofValues(), rounds);
  }

  public FederationConfig algorithm() {
    return run.config().federation();
  }

  /** Numbers of the training examples that are the server's own, in a seeded order. */
  public int[] serverShard() {
    int[] order = run.splits().shard(0);
    return Arrays.copyOfRange(order, order.length - rounds.serverExamples(), order.length);
  }

  /**
   * Numbers of the other training examples, in a seeded order: clients of a simulation get them.
   */
  public int[] clientExamples() {
    int[] order = run.splits().shard(0);
    return Arrays.copyOf(order, order.length - rounds.serverExamples());
  }

  private static RoundsConfig requireRounds(RunConfig config) {
    if (config.model().architecture() instanceof ModelConfig.Onnx onnx) {
      throw InvalidConfigException.of(
          "model",
          "must not be a file where devices lay the network out by the recipe alone: file=%s; spell the network out with kind = layers"
              .formatted(onnx.file()));
    }
    return config
        .federation()
        .common()
        .orElseThrow(
            () ->
                InvalidConfigException.of(
                    "federation",
                    "must name an algorithm for clients to train together: federation=none; choose fedavg or fedtiny, or run the recipe with espalier train"));
  }
}
