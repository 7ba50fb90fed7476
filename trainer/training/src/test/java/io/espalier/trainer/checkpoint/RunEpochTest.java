package io.espalier.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunEpochTest {
  @TempDir private Path directory;

  @Test
  void require_laterEpochHasBegun_isRefusedAndNamesIt() throws IOException {
    // Given
    RunEpoch first = RunEpoch.shared(1, directory);
    RunEpoch third = RunEpoch.shared(3, directory);
    first.begin(RunEpoch.Origin.NOTHING);
    assertThatCode(first::require).doesNotThrowAnyException();

    // When
    third.begin(new RunEpoch.Origin(1, 40));

    // Then
    assertThatCode(third::require).doesNotThrowAnyException();
    assertThatThrownBy(first::require)
        .isInstanceOf(FencedException.class)
        .hasMessageContaining("term=1, latest=3");
    assertThatThrownBy(() -> RunEpoch.shared(2, directory).begin(RunEpoch.Origin.NOTHING))
        .isInstanceOf(FencedException.class);
    assertThatThrownBy(() -> RunEpoch.shared(3, directory).begin(RunEpoch.Origin.NOTHING))
        .isInstanceOf(FencedException.class);
  }

  @Test
  void counts_byWhatLaterEpochsWentOnFrom() throws IOException {
    // Given
    RunEpoch epoch = RunEpoch.shared(2, directory);

    // When
    epoch.begin(new RunEpoch.Origin(1, 40));

    // Then
    assertThat(epoch.counts(1, 40)).isTrue();
    assertThat(epoch.counts(1, 41)).isFalse();
    assertThat(epoch.counts(2, 41)).isTrue();
  }

  @Test
  void counts_wentOnFromNothing_leavesNothingBefore() throws IOException {
    // Given
    RunEpoch epoch = RunEpoch.shared(2, directory);

    // When
    epoch.begin(RunEpoch.Origin.NOTHING);

    // Then
    assertThat(epoch.counts(1, 0)).isFalse();
  }

  /**
   * Three coordinators that all believe to be the only one: each chooses the newest checkpoint that
   * counts, begins its epoch, then writes two checkpoints, and looks at nothing in between. Every
   * order in which these acts can happen is played; a death only leaves acts out at the end.
   */
  @Test
  void counts_everyOrderOfThreeCoordinatorsActs_leavesOneHistory() {
    // Given
    Set<World> seen = new HashSet<>();

    // When
    explore(World.empty(), seen);

    // Then
    assertThat(seen.size()).isGreaterThan(500);
    seen.forEach(RunEpochTest::requireOneHistory);
  }

  private static void requireOneHistory(World world) {
    List<Saved> counting = world.counting();
    for (int i = 1; i < counting.size(); i++) {
      List<Long> shorter = counting.get(i - 1).history();
      assertThat(counting.get(i).history().subList(0, shorter.size())).isEqualTo(shorter);
    }
    // What the latest epoch went on from still counts, so that the next one loses nothing.
    if (!world.begun().isEmpty()) {
      RunEpoch.Origin last =
          world.begun().getOrDefault(world.begun().lastKey(), RunEpoch.Origin.NOTHING);
      assertThat(
              last.equals(RunEpoch.Origin.NOTHING)
                  || counting.stream().anyMatch(saved -> saved.origin().equals(last)))
          .isTrue();
    }
  }

  private static void explore(World world, Set<World> seen) {
    if (seen.add(world)) {
      for (int term = 1; term <= World.TERMS; term++) {
        if (world.acts(term) < World.ACTS) {
          explore(world.act(term), seen);
        }
      }
    }
  }

  /**
   * A checkpoint.
   *
   * @param history the term that trained each step before it
   */
  private record Saved(long term, List<Long> history) {
    RunEpoch.Origin origin() {
      return new RunEpoch.Origin(term, history.size());
    }
  }

  /**
   * @param done acts of each term
   * @param origins what each term chose to go on from
   * @param holds what each term has trained
   */
  private record World(
      List<Integer> done,
      List<RunEpoch.Origin> origins,
      List<List<Long>> holds,
      Set<Saved> saved,
      SortedMap<Long, RunEpoch.Origin> begun) {
    static final int TERMS = 3;
    static final int ACTS = 4;

    static World empty() {
      return new World(
          List.of(0, 0, 0),
          Collections.nCopies(TERMS, RunEpoch.Origin.NOTHING),
          Collections.nCopies(TERMS, List.of()),
          Set.of(),
          new TreeMap<>());
    }

    int acts(int term) {
      return done.get(term - 1);
    }

    List<Saved> counting() {
      return saved.stream()
          .filter(each -> RunEpoch.counts(each.term(), each.history().size(), begun))
          .sorted(Comparator.comparing(each -> each.history().size()))
          .toList();
    }

    World act(int term) {
      World next =
          new World(
              with(done, term, acts(term) + 1),
              origins,
              holds,
              new HashSet<>(saved),
              new TreeMap<>(begun));
      return switch (acts(term)) {
        case 0 -> next.choosing(term);
        case 1 -> next.beginning(term);
        default -> next.saving(term);
      };
    }

    private World choosing(int term) {
      List<Saved> counting = counting();
      if (counting.isEmpty()) {
        return this;
      }
      Saved newest = counting.get(counting.size() - 1);
      return new World(
          done,
          with(origins, term, newest.origin()),
          with(holds, term, newest.history()),
          saved,
          begun);
    }

    private World beginning(int term) {
      begun.put((long) term, origins.get(term - 1));
      return this;
    }

    private World saving(int term) {
      List<Long> history = new ArrayList<>(holds.get(term - 1));
      history.add((long) term);
      saved.add(new Saved(term, List.copyOf(history)));
      return new World(done, origins, with(holds, term, List.copyOf(history)), saved, begun);
    }

    private static <T> List<T> with(List<T> list, int term, T value) {
      List<T> changed = new ArrayList<>(list);
      changed.set(term - 1, value);
      return List.copyOf(changed);
    }
  }
}
