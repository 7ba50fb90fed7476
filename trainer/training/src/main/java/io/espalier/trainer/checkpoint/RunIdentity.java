package io.espalier.trainer.checkpoint;

import io.espalier.configs.GranularityConfig;
import io.espalier.configs.GranularityConfig.BudgetConfig;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.InvalidConfigException.Problem;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.ModelConfig;
import io.espalier.configs.file.FileCause;
import io.espalier.masks.structure.Group;
import io.espalier.trainer.capability.EngineCapability;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.network.NetworkGroups;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that decides a run's bits; a checkpoint resumes only a run with an equal identity. The
 * recipe's digest covers the latencies of its budget and the files of its objective; results differ
 * between thread counts.
 */
record RunIdentity(
    String recipeDigest,
    String dataDigest,
    String layoutDigest,
    long seed,
    int trainers,
    int threads) {

  static RunIdentity of(PreparedRun run, String recipeText) {
    return new RunIdentity(
        Sha256.ofText(
            recipeText
                + latencies(run)
                + files("train.objective", run.config().train().loss().objective())
                + networkFiles(run.config().model())),
        run.dataset().digest(),
        run.layout().digest(),
        run.config().seed(),
        run.config().train().trainers(),
        EngineCapability.threads());
  }

  private static String networkFiles(ModelConfig model) {
    return model.architecture() instanceof ModelConfig.Custom own
        ? files("model", own.settings())
        : "";
  }

  /** Digests of the files that a member reads: another teacher would teach something else. */
  private static String files(String block, MemberSettings member) {
    StringBuilder digests = new StringBuilder();
    member
        .paths()
        .forEach(
            (key, path) ->
                digests.append('\n').append(key).append('=').append(digest(block, path)));
    return digests.toString();
  }

  private static String digest(String block, Path path) {
    try {
      return Sha256.ofFile(path);
    } catch (IOException e) {
      throw InvalidConfigException.of(block, "must have readable files: " + FileCause.of(e));
    }
  }

  /** Latencies of a latency budget, by width: another table would choose other channels. */
  private static String latencies(PreparedRun run) {
    if (!(run.config().prune().granularity() instanceof GranularityConfig.Channel channel)
        || !(channel.budget() instanceof BudgetConfig.Latency)) {
      return "";
    }
    NetworkGroups network = run.channels().orElseThrow();
    List<Group> groups = network.groups().all();
    List<Long> costs = new ArrayList<>();
    for (Group narrow : groups) {
      for (int width = 1; width <= narrow.channels(); width++) {
        int left = width;
        costs.add(
            network
                .budget()
                .of(
                    groups.stream()
                        .map(g -> g.id() == narrow.id() ? left : g.channels())
                        .toList()));
      }
    }
    return "\n" + costs;
  }

  void requireSame(RunIdentity stored, String checkpoint) {
    List<Problem> problems = new ArrayList<>();
    compare("recipe", recipeDigest, stored.recipeDigest, checkpoint, problems);
    compare("data", dataDigest, stored.dataDigest, checkpoint, problems);
    compare("model", layoutDigest, stored.layoutDigest, checkpoint, problems);
    compare("seed", seed, stored.seed, checkpoint, problems);
    compare("train.trainers", trainers, stored.trainers, checkpoint, problems);
    compare("engine threads", threads, stored.threads, checkpoint, problems);
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
  }

  private static void compare(
      String path, Object own, Object stored, String checkpoint, List<Problem> problems) {
    if (!Objects.equals(own, stored)) {
      problems.add(
          new Problem(
              Optional.of(checkpoint),
              path,
              "must be that of the checkpoint to resume from it: run=%s, checkpoint=%s; resume with what the run began with, or start a new one"
                  .formatted(own, stored)));
    }
  }
}
