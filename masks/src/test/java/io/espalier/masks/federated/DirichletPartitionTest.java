package io.espalier.masks.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DirichletPartitionTest {
  private static final int[] LABELS = IntStream.range(0, 10_000).map(i -> i % 10).toArray();

  @Property(tries = 300, seed = "1")
  void parts_ofAnyData_areDisjoint_whole_andLargeEnough(
      @ForAll @IntRange(min = 0, max = 400) int examples,
      @ForAll @IntRange(min = 1, max = 12) int classes,
      @ForAll @IntRange(min = 1, max = 30) int clients,
      @ForAll @IntRange(min = -9, max = 9) int exponent,
      @ForAll long seed) {
    Random random = new Random(seed);
    int[] labels = random.ints(examples, 0, classes).toArray();
    int atLeast = random.nextInt(examples / clients + 1);
    double alpha = Double.parseDouble("1e" + exponent);

    List<int[]> parts = DirichletPartition.of(labels, classes, clients, alpha, atLeast, seed);

    assertThat(parts).hasSize(clients).allMatch(part -> part.length >= atLeast);
    assertThat(parts.stream().flatMapToInt(Arrays::stream).sorted().toArray())
        .isEqualTo(IntStream.range(0, examples).toArray());
    assertThat(parts).allMatch(part -> Arrays.equals(part, Arrays.stream(part).sorted().toArray()));
  }

  @Test
  void largeAlpha_givesEveryClientItsShareOfEveryClass() {
    for (int[] part : DirichletPartition.of(LABELS, 10, 5, 1e6, 0, 1)) {
      for (int count : countsOf(part)) {
        assertThat(count).isBetween(197, 203);
      }
    }
  }

  @Test
  void tinyAlpha_givesEachClassToOneClient() {
    List<int[]> parts = DirichletPartition.of(LABELS, 10, 5, 1e-4, 0, 1);

    int[] holders = new int[10];
    for (int[] part : parts) {
      int[] counts = countsOf(part);
      for (int c = 0; c < 10; c++) {
        holders[c] += counts[c] > 0 ? 1 : 0;
        assertThat(counts[c]).isIn(0, 1000);
      }
    }
    assertThat(holders).containsOnly(1);
  }

  @Test
  void usualAlpha_liesBetween() {
    List<int[]> parts = DirichletPartition.of(LABELS, 10, 10, .5, 10, 1);

    double largestShares =
        parts.stream()
            .mapToDouble(
                part -> Arrays.stream(countsOf(part)).max().orElse(0) / (double) part.length)
            .average()
            .orElseThrow();
    assertThat(largestShares).isBetween(.25, .75);
  }

  @Test
  void parts_dependOnTheSeed_alone() {
    List<int[]> first = DirichletPartition.of(LABELS, 10, 5, .5, 10, 1);

    assertThat(sizes(DirichletPartition.of(LABELS, 10, 5, .5, 10, 1))).isEqualTo(sizes(first));
    assertThat(DirichletPartition.of(LABELS, 10, 5, .5, 10, 1).get(3)).isEqualTo(first.get(3));
    assertThat(sizes(DirichletPartition.of(LABELS, 10, 5, .5, 10, 2))).isNotEqualTo(sizes(first));
  }

  @Test
  void parts_ofAKnownSeed_stayWhatTheyAre() {
    int[] labels = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2};

    List<int[]> parts = DirichletPartition.of(labels, 3, 3, .5, 2, 42);

    assertThat(parts.stream().map(Arrays::toString))
        .containsExactly("[8, 10]", "[2, 5, 7, 11]", "[0, 1, 3, 4, 6, 9]");
  }

  @Test
  void clients_withTooFew_getExamplesOfTheLargest() {
    int[] oneClass = new int[9];

    List<int[]> parts = DirichletPartition.of(oneClass, 1, 3, 1e-9, 3, 5);

    assertThat(sizes(parts)).containsExactly(3, 3, 3);
  }

  @Test
  void arguments_thatCannotBeMet_areRefused() {
    assertThatThrownBy(() -> DirichletPartition.of(new int[5], 1, 3, 1, 2, 1))
        .hasMessageContaining("clients=3, at least=2, examples=5");
    assertThatThrownBy(() -> DirichletPartition.of(new int[5], 1, 0, 1, 0, 1))
        .hasMessageContaining("clients=0");
    assertThatThrownBy(() -> DirichletPartition.of(new int[] {0, 3}, 3, 1, 1, 0, 1))
        .hasMessageContaining("example=1, label=3, classes=3");
    assertThatThrownBy(() -> DirichletPartition.of(new int[5], 1, 1, 0, 0, 1))
        .hasMessageContaining("alpha=0.0");
    assertThatThrownBy(() -> DirichletPartition.of(new int[5], 1, 1, Double.NaN, 0, 1))
        .hasMessageContaining("alpha=NaN");
  }

  private static int[] countsOf(int[] part) {
    int[] counts = new int[10];
    for (int example : part) {
      counts[LABELS[example]]++;
    }
    return counts;
  }

  private static List<Integer> sizes(List<int[]> parts) {
    return parts.stream().map(part -> part.length).toList();
  }
}
