package io.espalier.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.replica.Replica;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.EvaluationRequest;
import io.espalier.trainer.sync.EvaluationRequest.Phase;
import io.espalier.trainer.sync.RefitOutcome;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates whose kept weights are refitted, on two trainers. */
class RefitRunTest {
  private static final String RECIPE =
      """
      name = test, data { kind = digits, batch-size = 32, validation = 10% }
      model { kind = mlp, hidden = [32, 16] }
      train { epochs = 4, trainers = 2, sync-every = 5, evaluate-every = 5 }
      prune { sparsity = 80%, schedule { kind = one-shot, begin = 50% }
              refit { kind = least-squares, batches = 8 } }
      """;

  /** What a run went through. */
  private static final class Course implements LoopListener {
    private final List<SyncOutcome> syncs = new ArrayList<>();
    private final List<Traffic> traffic = new ArrayList<>();
    private final Map<Phase, Double> losses = new EnumMap<>(Phase.class);

    @Override
    public void evaluated(long step, EvaluationRequest request, EvaluationPart result) {
      losses.put(request.phase(), result.loss());
    }

    @Override
    public void committed(SyncOutcome outcome, Traffic soFar) {
      syncs.add(outcome);
      traffic.add(soFar);
    }

    double loss(Phase phase) {
      return Objects.requireNonNull(losses.get(phase));
    }

    /** Whether it measures for an update or brings it. */
    boolean isOfUpdate(int sync) {
      SyncOutcome outcome = syncs.get(sync);
      return outcome.pruning().isPresent() || outcome.commit().next() == Commit.Next.MEASURE;
    }

    SyncOutcome update() {
      return syncs.stream().filter(sync -> sync.pruning().isPresent()).findFirst().orElseThrow();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prune.granularity = weight | 3 | 3",
        "prune { refit = null, refit = mean-folding } | 3 | 3",
        "prune { granularity = channel, sparsity = null, sparsity = 40%, refit = null,"
            + " refit = mean-folding } | 3 | 2",
        "train.freeze = [\"fc1.*\"] | 3 | 2",
      })
  void update_withARefit_countsTheLayersThatChange(String variant, int layers, int changed) {
    Course course = new Course();
    TrainingLoop.run(prepared(variant + ", train.epochs = 2"), course);

    assertThat(course.update().pruning().orElseThrow().refit())
        .contains(new RefitOutcome(layers, changed));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "refit = norms | refit=norms, layers=3, none of them with a batch norm that alone reads it",
        "refit = mean-folding }, train { freeze = [\"*.bias\"] | refit=mean-folding, layers=3, none"
            + " of them with a bias that is trained",
        "refit = mean-folding, granularity = channel, sparsity = null, sparsity = 20%,"
            + " exclude = [\"tokens.*\"] }, data = null,"
            + " data { kind = text, path = \"TEXT\", context = 6, batch-size = 4 }, model = null,"
            + " model { kind = char-lm, layers = 1, features = 8, heads = 2, hidden = 12"
            + " | refit=mean-folding, layers=2, none of them with a bias that is trained",
      })
  void refit_thatCanChangeNoLayer_isRefused(String variant, String error, @TempDir Path directory)
      throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "the quick brown fox. ".repeat(90));
    String lines = "prune { refit = null, " + variant.replace("TEXT", text.toString()) + " }";

    assertThatThrownBy(() -> prepared(lines))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("prune.refit: must change a layer that loses weights: " + error)
        .hasMessageContaining("leave refit away, or take one that changes what they have");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune.granularity = weight",
        "prune { granularity = \"2:4\", sparsity = null, sparsity = 50% }, train.optimizer = adam",
        "prune.granularity = row",
        "prune.granularity = \"block 4x4\", prune.schedule = null, prune.schedule = cubic",
        "prune { score { kind = wanda, batches = 2 }, allocation = uniform, selection = per-row }",
        "prune.schedule = null, prune.schedule = constant",
        "prune { score = taylor, schedule = null, schedule { kind = cubic, updates = 5 } }, model"
            + " = null, model { kind = resnet-8, width = 2 }, train.epochs = 2",
        "train.freeze = [\"fc1.*\", \"*.bias\"]",
        "prune { score { kind = fisher, batches = 2 }, refit = null, refit { kind = admm, batches = 4 } }",
        "prune { score { kind = obs, form = factor }, allocation = uniform, selection = per-row,"
            + " refit = null, refit { kind = sparsegpt, batches = 4 } }",
        "prune { granularity = channel, sparsity = 40%, score { kind = kfac, batches = 4 } }",
        "prune { score { kind = obd, batches = 1, probes = 2 }, refit = null, refit = mean-folding }",
        "prune { score = synflow, schedule = null, schedule { kind = geometric, begin = 0, end = 20%,"
            + " updates = 8 }, refit = null, refit = rescale }",
        "prune { granularity { kind = channel, members = readers }, sparsity = 40%,"
            + " score = variance, refit = null, refit = mean-folding }",
        "prune { granularity = channel, sparsity = 40%, score { kind = fluctuation,"
            + " standardise = true }, schedule = null, schedule { kind = cubic, updates = 3 } },"
            + " model = null, model { kind = resnet-8, width = 4 }, train.epochs = 2,"
            + " prune.refit = null, prune.refit = mean-folding",
        "prune { refit = null, refit { kind = least-squares-branches, batches = 4 } }, model = null,"
            + " model { kind = resnet-8, width = 2 }, train.epochs = 2",
        "prune { refit = null, refit { kind = least-squares-branches, batches = 4 },"
            + " granularity = channel, sparsity = 40%, schedule = null,"
            + " schedule { kind = cubic, updates = 4 } }, model = null,"
            + " model { kind = resnet-8, width = 4 }, train.epochs = 2",
        "prune { granularity = channel, sparsity = 40% }",
        "prune { granularity = channel, sparsity = 40%, schedule = null,"
            + " schedule { kind = cubic, updates = 4 } }, model = null,"
            + " model { kind = resnet-8, width = 4 }, train.epochs = 2",
      })
  void resume_fromTheCommitsOfUpdates_endsWithTheSameBits(String variant) {
    PreparedRun run = prepared(variant);
    Course course = new Course();
    FinishedRun whole = TrainingLoop.run(run, course);

    List<Integer> due =
        IntStream.range(0, course.syncs.size()).filter(course::isOfUpdate).boxed().toList();
    for (int i : List.of(due.get(0), due.get(1), due.get(due.size() - 1))) {
      FinishedRun resumed =
          TrainingLoop.resume(
              run, course.syncs.get(i).committed(), course.traffic.get(i), LoopListener.NONE);
      assertThat(resumed.committed().digest()).isEqualTo(whole.committed().digest());
      assertThat(resumed.test()).isEqualTo(whole.test());
      assertThat(resumed.traffic()).isEqualTo(whole.traffic());
    }
    assertThat(course.update().commit().values()).isEqualTo(Commit.Values.SENT);
    assertThat(whole.test().accuracy()).isGreaterThan(.2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prune.granularity = weight",
        "prune.granularity = \"2:4\", prune.sparsity = 50%",
        "prune.score = random"
      })
  void update_withARefit_losesLessThanWithoutOne(String variant) {
    Course refitted = new Course();
    Course plain = new Course();

    TrainingLoop.run(prepared(variant), refitted);
    TrainingLoop.run(prepared(variant + ", prune.refit = null, prune.refit = none"), plain);

    assertThat(refitted.loss(Phase.BEFORE_UPDATE)).isEqualTo(plain.loss(Phase.BEFORE_UPDATE));
    assertThat(refitted.update().committed().masks().masks())
        .isEqualTo(plain.update().committed().masks().masks());
    assertThat(refitted.loss(Phase.AFTER_UPDATE)).isLessThan(.9 * plain.loss(Phase.AFTER_UPDATE));
  }

  @Test
  void update_withARefit_changesKeptWeightsAndBiases_andNeitherMomentsNorPrunedOnes() {
    PreparedRun run = prepared("train.freeze = [\"output.*\"]");
    Course course = new Course();

    TrainingLoop.run(run, course);

    SyncOutcome sync = course.update();
    Committed after = sync.committed();
    Committed before = course.syncs.get(course.syncs.indexOf(sync) - 1).committed();
    assertThat(before.step()).isEqualTo(after.step());
    MaskSet masks = after.masks().masks();
    List<StateLayout.Entry> entries = run.stateLayout().entries();
    for (int i = 0; i < entries.size(); i++) {
      StateLayout.Entry entry = entries.get(i);
      Mask kept = entry.mask().map(masks.masks()::get).orElse(Mask.allKept(entry.size()));
      int changed = 0;
      for (int unit = 0; unit < entry.size(); unit++) {
        float value = after.state().values(i, 0)[unit];
        if (!kept.isKept(unit)) {
          assertThat(value).isZero();
        } else {
          changed += value != before.state().values(i, 0)[unit] ? 1 : 0;
          for (int slot = 1; slot < entry.slots(); slot++) {
            assertThat(after.state().values(i, slot)[unit])
                .isEqualTo(before.state().values(i, slot)[unit]);
          }
        }
      }
      boolean frozen = entry.id().name().startsWith("output");
      assertThat(changed).as(entry.id().name()).isBetween(frozen ? 0 : 1, frozen ? 0 : 9999);
    }
  }

  @Test
  void update_withARefit_isEvaluatedBeforeByTheCommitThatMeasures() {
    Course course = new Course();

    TrainingLoop.run(prepared("prune.granularity = weight"), course);

    SyncOutcome update = course.update();
    Commit measuring = course.syncs.get(course.syncs.indexOf(update) - 1).commit();
    assertThat(measuring.next()).isEqualTo(Commit.Next.MEASURE);
    assertThat(measuring.evaluations())
        .extracting(EvaluationRequest::phase)
        .containsExactly(Phase.BEFORE_UPDATE);
    assertThat(update.commit().evaluations())
        .extracting(EvaluationRequest::phase)
        .containsExactly(Phase.AFTER_UPDATE);
    assertThat(update.bytes().dense()).isZero();
  }

  @Test
  void replica_thatJoinsAtARefittedUpdate_holdsTheSameBits() {
    PreparedRun run =
        prepared("prune { granularity { kind = channel, settle = 0 }, sparsity = 40% }");
    Committer committer = Committer.start(run);
    List<Replica> replicas = List.of(Replica.of(run, 0), Replica.of(run, 1));
    try (Replica fresh = Replica.of(run, 1)) {
      SyncOutcome outcome = committer.open();
      int cuts = 0;
      while (outcome.commit().next() != Commit.Next.FINISH) {
        List<ByteBuffer> states = new ArrayList<>();
        for (int k = 0; k < 2; k++) {
          Replica replica = replicas.get(k);
          committer.verify(k, replica.apply(outcome.commit(), outcome.payload()));
          if (outcome.commit().next() == Commit.Next.MEASURE) {
            replica.measure();
          } else {
            while (replica.completedSteps() < run.plan().nextSync(outcome.commit().step())) {
              replica.step();
            }
          }
          states.add(replica.packedState());
        }
        if (outcome.pruning().isPresent()) {
          cuts += outcome.cut().isPresent() ? 1 : 0;
          SyncOutcome before = committer.prepareForCurrent();
          fresh.apply(before.commit(), before.payload());
          committer.verify(1, fresh.apply(outcome.commit(), outcome.payload()));
        }
        outcome = committer.sync(states);
      }
      assertThat(cuts).isEqualTo(1);
    } finally {
      replicas.forEach(Replica::close);
    }
  }

  @Test
  void recipe_ofAWideLayer_isRefusedBeforeTheRun() {
    assertThatThrownBy(() -> prepared("model = null, model { kind = mlp, hidden = [2400, 10] }"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("weight=fc2.weight, inputs=2400");
  }

  private static PreparedRun prepared(String variant) {
    return SampleRuns.prepare(
        new RecipeLoader().parse("test.conf", RECIPE + variant, List.of()).config());
  }
}
