package io.espalier.trainer.federated;

import io.espalier.configs.ExecutionConfig;
import io.espalier.configs.FederationConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.RoundsConfig;
import io.espalier.configs.RunConfig;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.data.source.Datasets;
import io.espalier.trainer.execution.BackEnds;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.prepare.InitialValues;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.update.UpdateRule;
import java.util.Arrays;

/**
 * A federation's recipe and everything derived from it; refuses invalid recipes before any write.
 * {@code run} counts rounds in its plan; its state holds moments, that of {@code values} does not.
 */
public record PreparedFederation(PreparedRun run, PreparedRun values, RoundsConfig rounds) {
  /** Sparsity from which on steps of linear layers and convolutions are faster by kept weights. */
  private static final double SPARSE = 0.7;

  public static PreparedFederation of(RunConfig config, DataHome home) {
    requireRounds(config).requireEnoughReports();
    PreparedFederation federation = toResume(config, home);
    InitialValues.verify(config, federation.run.network(), home.listener()::noticed);
    return federation;
  }

  /** Prepares to resume from a checkpoint: initial weights may be missing. */
  public static PreparedFederation toResume(RunConfig config, DataHome home) {
    requireRounds(config);
    return over(config, Datasets.load(config.data(), config.seed(), home));
  }

  public static PreparedFederation over(RunConfig config, Dataset dataset) {
    RoundsConfig rounds = requireRounds(config);
    if (rounds.server().examples() > dataset.train().count()) {
      throw InvalidConfigException.of(
          "federation.server-examples",
          "must not be more than there are: server-examples=%d, examples=%d"
              .formatted(rounds.server().examples(), dataset.train().count()));
    }
    return ofClient(config, dataset);
  }

  public static PreparedFederation ofClient(RunConfig config, Dataset dataset) {
    RoundsConfig rounds = requireRounds(config);
    PreparedRun run = executed(PreparedRun.ofRounds(config, rounds.rounds(), dataset));
    return new PreparedFederation(run, run.ofValues(), rounds);
  }

  /**
   * With {@code train.execution = auto}, the run whose clients compute with kept weights only from
   * the first round on that is sparse enough by the plan: all devices know that.
   */
  private static PreparedRun executed(PreparedRun run) {
    boolean computable =
        run.config().prune().mask().member().is("hard")
            && !requireRounds(run.config()).client().scaler()
            && UpdateRule.of(run.config().train().step().optimizer()).isElementwise()
            && BackEnds.compute(Execution.JAVA, run.network());
    if (run.config().train().compute().execution() != ExecutionConfig.AUTO || !computable) {
      return run;
    }
    if (run.config().federation() instanceof FederationConfig.FedTiny) {
      return run.config().prune().target().sparsity() >= SPARSE ? run.sparseFrom(0) : run;
    }
    return run.plan().updates().stream()
        .filter(update -> update.sparsity() >= SPARSE)
        .findFirst()
        .map(update -> run.sparseFrom(update.step()))
        .orElse(run);
  }

  public FederationConfig algorithm() {
    return run.config().federation();
  }

  public int[] serverShard() {
    int[] order = run.splits().shard(0);
    return Arrays.copyOfRange(order, order.length - rounds.server().examples(), order.length);
  }

  public int[] clientExamples() {
    int[] order = run.splits().shard(0);
    return Arrays.copyOf(order, order.length - rounds.server().examples());
  }

  /**
   * Returns this federation with wrong labels of all training examples: class c of C as C - 1 - c.
   */
  public PreparedFederation mislabelled() {
    Dataset data = run.dataset();
    int[] wrong =
        Arrays.stream(data.train().labels()).map(label -> data.classes() - 1 - label).toArray();
    PreparedRun other = run.withTraining(data.train().labelled(wrong));
    return new PreparedFederation(other, other.ofValues(), rounds);
  }

  private static RoundsConfig requireRounds(RunConfig config) {
    return config
        .federation()
        .common()
        .orElseThrow(
            () ->
                InvalidConfigException.of(
                    "federation",
                    "must name an algorithm for clients to train together: federation=none; choose"
                        + " fedavg or fedtiny, or run the recipe with espalier train"));
  }
}
