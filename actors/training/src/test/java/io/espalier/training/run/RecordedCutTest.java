package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.annealing.AnnealingState;
import io.espalier.masks.structure.Group;
import io.espalier.telemetry.event.Event;
import io.espalier.telemetry.event.MaskEvent.ChannelsCut;
import io.espalier.telemetry.event.MaskEvent.CutParameter;
import io.espalier.telemetry.event.MaskEvent.GroupWidth;
import io.espalier.telemetry.event.MaskEvent.MaskPicture;
import io.espalier.telemetry.event.MaskEvent.MasksUpdated;
import io.espalier.telemetry.event.MaskEvent.NetworkSize;
import io.espalier.telemetry.event.MaskEvent.ParameterMasks;
import io.espalier.telemetry.event.RunEvent.RunState;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.execution.Execution;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.MaskState;
import io.espalier.trainer.state.TrainingState;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.SyncOutcome.SyncBytes;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A perceptron 64–64–32–10 with biases, trained with momentum, whose odd channels of fc1 go. */
class RecordedCutTest {
  private static final long STEP = 20;

  @TempDir private Path home;
  private final List<Event> events = new ArrayList<>();
  private PreparedRun whole;
  private PreparedRun half;

  @BeforeEach
  void prepare() {
    whole =
        PreparedRun.of(
            new RecipeLoader()
                .load("digits", List.of("prune.granularity={kind=channel,budget=macs}"))
                .config(),
            DataHome.of(home));
    half =
        whole.cut(
            whole.channels().orElseThrow().groups().all().stream()
                .map(RecordedCutTest::kept)
                .toList());
  }

  private static Mask kept(Group group) {
    return group.members().get(0).toString().startsWith("fc1.weight axis 0")
        ? Mask.of(group.channels(), channel -> channel % 2 == 0)
        : Mask.allKept(group.channels());
  }

  @Test
  void cut_tellsWidthsShapesAndWhatTheyCost() {
    recorder(hard()).synced(outcome(), 0, 0, 0);

    ChannelsCut cut = only(ChannelsCut.class);
    assertThat(cut.step()).isEqualTo(STEP);
    assertThat(cut.maskVersion()).isEqualTo(3);
    assertThat(cut.layoutDigest()).isEqualTo(half.layout().digest());
    assertThat(cut.groups())
        .containsExactly(
            new GroupWidth("fc1.weight", 64, 64, 32),
            new GroupWidth("fc2.weight", 32, 32, 32),
            new GroupWidth("output.weight", 10, 10, 10));
    assertThat(cut.parameters())
        .contains(
            new CutParameter("fc1.weight", List.of(32L, 64L), 2048),
            new CutParameter("fc1.bias", List.of(32L), 0),
            new CutParameter("fc2.weight", List.of(32L, 32L), 1024))
        .hasSize(6);
    assertThat(cut.before()).isEqualTo(cut.dense()).isEqualTo(new NetworkSize(6570, 6464, 52_560));
    assertThat(cut.after()).isEqualTo(new NetworkSize(3466, 3392, 27_728));
    assertThat(cut.seconds()).isEqualTo(0.5);
  }

  @Test
  void state_afterACut_tellsWhatTheNetworkExecutesOfTheWhole() {
    recorder(hard()).synced(outcome(), 0, 0, 0);

    RunState state = only(RunState.class);
    assertThat(state.macs()).isEqualTo(OptionalLong.of(3392));
    assertThat(state.macsDense()).isEqualTo(OptionalLong.of(6464));
    assertThat(state.sparsity()).isEqualTo(1 - 3392 / 6464.0);
  }

  @Test
  void cutOfHardMasks_prunesNothing() {
    recorder(hard()).synced(outcome(), 0, 0, 0);

    assertThat(events).doesNotHaveAnyElementsOfTypes(MasksUpdated.class);
  }

  @Test
  void cutOfSoftMasks_prunesWhatTheyStillHeld_inUnitsOfTheWholeNetwork() {
    recorder(soft()).synced(outcome(), 0, 0, 0);

    MasksUpdated update = only(MasksUpdated.class);
    assertThat(update.parameters())
        .containsExactly(
            new ParameterMasks("fc1.weight", 4096, 2048, 2048, 2048, 0),
            new ParameterMasks("fc2.weight", 2048, 1024, 1024, 0, 0),
            new ParameterMasks("output.weight", 320, 320, 320, 0, 0));
    assertThat(update.kept()).isEqualTo(3392);
    assertThat(update.budget()).contains(MasksUpdated.MACS);
  }

  @Test
  void pictures_afterACut_areOfTheWholeNetwork() {
    List<MaskPicture> pictures = new MaskImageSampler(half).pictures(lastUpdate(), cutMasks());

    MaskPicture first = pictures.get(0);
    assertThat(first.name()).isEqualTo("fc1.weight");
    assertThat(List.of(first.rows(), first.columns())).containsExactly(48, 64);
    MaskPicture output = pictures.get(pictures.size() - 1);
    assertThat(List.of(output.rows(), output.columns())).containsExactly(10, 32);
    MaskPicture second =
        pictures.stream().filter(each -> each.name().equals("fc2.weight")).findAny().orElseThrow();
    byte[] row = Base64.getDecoder().decode(second.cells());
    for (int column = 0; column < 64; column++) {
      assertThat(row[column]).isEqualTo((byte) (column % 2 == 0 ? 255 : 0));
    }
  }

  private EventRecorder recorder(MaskSet masks) {
    return new EventRecorder(whole, 1, 10, masks, events::addAll);
  }

  private long lastUpdate() {
    return whole.plan().freezeStep();
  }

  /** Both sides of a channel are gone. */
  private MaskSet hard() {
    return masks(unit -> unit / 64 % 2 == 0);
  }

  /** Only what reads a channel is gone. */
  private MaskSet soft() {
    return masks(unit -> true);
  }

  private MaskSet masks(IntPredicate first) {
    MaskSet dense = MaskSet.dense(whole.layout(), whole.prunableIds());
    return MaskSet.of(
        new MaskVersion(2),
        whole.layout(),
        whole.prunableIds(),
        List.of(Mask.of(4096, first), Mask.of(2048, unit -> unit % 2 == 0), dense.masks().get(2)));
  }

  private MaskSet cutMasks() {
    return MaskSet.of(
        new MaskVersion(3),
        half.layout(),
        half.prunableIds(),
        MaskSet.dense(half.layout(), half.prunableIds()).masks());
  }

  private SyncOutcome outcome() {
    MaskState masks =
        MaskState.of(
            whole.maskKind(),
            whole.plan(),
            cutMasks(),
            STEP,
            AnnealingState.none(whole.temperature()));
    return new SyncOutcome(
        new Committed(STEP, new TrainingState(half.stateLayout()), masks, false, half),
        new Commit(
            STEP,
            new MaskVersion(3),
            new Commit.Layouts(whole.layout().digest(), half.layout().digest()),
            Commit.Masks.UNCHANGED,
            Commit.Values.SENT,
            List.of(),
            Execution.ENGINE,
            Commit.Next.TRAIN,
            Optional.empty()),
        ByteBuffer.allocate(0),
        Optional.empty(),
        Optional.of(new SyncOutcome.Cut(whole, half, 0.5)),
        new SyncBytes(0, 0, 0));
  }

  private <E extends Event> E only(Class<E> type) {
    List<E> found = events.stream().filter(type::isInstance).map(type::cast).distinct().toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
