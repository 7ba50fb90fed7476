package io.espalier.federation.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.federation.server.CohortRound.Next;
import io.espalier.federation.server.CohortRound.Standing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CohortRoundTest {
  private static final CohortRound.Rules RULES =
      new CohortRound.Rules(3, 2, Duration.ofMillis(100), Duration.ofMillis(1000));

  private final CohortRound round = new CohortRound(RULES);

  /** Files of earlier versions name no width. */
  @Test
  void selectedClient_writtenBeforeThereWereWidths_hasTheWholeNetwork() {
    assertThat(new SelectedClient("anna", 1, 0, 50).tier()).isEqualTo(new DeviceTier(1, 1));
  }

  @Test
  void next_asManyReportedAsAreWanted_closes() {
    round.invite(List.of("a", "b", "c", "d"), 0);

    round.reported("d");
    round.reported("a");
    assertThat(round.next(20)).isEqualTo(new Next.Wait(100));
    round.reported("b");

    assertThat(round.next(30)).isEqualTo(new Next.Close());
    assertThat(round.reporters()).containsExactly("a", "b", "d");
    assertThat(round.outstanding()).containsExactly("c");
  }

  @Test
  void next_allOthersLateAndReportersEnough_closes() {
    round.invite(List.of("a", "b", "c"), 0);
    round.reported("a");
    round.reported("b");

    assertThat(round.next(99)).isEqualTo(new Next.Wait(100));
    assertThat(round.next(100)).isEqualTo(new Next.Close());
  }

  @Test
  void next_progress_movesThatClientsDeadlineOnly() {
    round.invite(List.of("a", "b", "c"), 0);
    round.reported("a");
    round.progressed("c", 80);

    assertThat(round.next(100)).isEqualTo(new Next.Replace(1, 180));
    round.reported("b");

    assertThat(round.next(179)).isEqualTo(new Next.Wait(180));
    assertThat(round.next(180)).isEqualTo(new Next.Close());
  }

  @Test
  void next_tooFewReporters_asksForOthersAndStillTakesLateOnes() {
    round.invite(List.of("a", "b", "c"), 0);
    round.reported("a");

    assertThat(round.next(100)).isEqualTo(new Next.Replace(2, 200));
    round.replaced(1, 100);
    round.invite(List.of("d"), 100);
    assertThat(round.next(100)).isEqualTo(new Next.Replace(1, 200));
    round.replaced(1, 100);
    round.invite(List.of("e"), 100);
    assertThat(round.next(100)).isEqualTo(new Next.Wait(200));
    round.reported("c");
    round.reported("d");

    assertThat(round.next(160)).isEqualTo(new Next.Close());
    assertThat(round.invited()).isEqualTo(5);
  }

  @Test
  void next_nobodyReports_neverCloses() {
    round.invite(List.of("a", "b", "c"), 0);

    assertThat(round.next(1_000_000)).isInstanceOf(Next.Replace.class);
  }

  @Test
  void next_progressWithoutEnd_isLateAtTheLimit() {
    round.invite(List.of("a", "b", "c"), 0);
    round.reported("a");
    round.reported("b");
    for (int nowMs = 50; nowMs < 1000; nowMs += 50) {
      round.progressed("c", nowMs);
    }

    assertThat(round.next(999)).isEqualTo(new Next.Wait(1000));
    assertThat(round.next(1000)).isEqualTo(new Next.Close());
  }

  @Test
  void next_failedClient_isReplacedAtOnce() {
    round.invite(List.of("a", "b", "c"), 0);
    round.failed("b", 10);

    assertThat(round.next(10)).isEqualTo(new Next.Replace(1, 100));
  }

  @Test
  void standing_ofEachClient_isTold() {
    round.invite(List.of("a", "b"), 0);
    round.reported("a");

    assertThat(round.standing("a")).isEqualTo(Standing.REPORTED);
    assertThat(round.standing("b")).isEqualTo(Standing.WORKING);
    assertThat(round.standing("z")).isEqualTo(Standing.NOT_CHOSEN);
    round.close();
    assertThat(round.standing("b")).isEqualTo(Standing.CLOSED);
    assertThatThrownBy(() -> round.reported("b")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void choice_sameArguments_isTheSameAndFair() {
    List<String> clients = List.of("a", "b", "c", "d", "e", "f", "g", "h");
    int[] chosen = new int[8];
    for (int round = 0; round < 400; round++) {
      List<String> cohort = CohortRound.choose(clients, 2, 7, String.valueOf(round));
      assertThat(cohort).hasSize(2).doesNotHaveDuplicates();
      assertThat(CohortRound.choose(clients, 2, 7, String.valueOf(round))).isEqualTo(cohort);
      cohort.forEach(client -> chosen[clients.indexOf(client)]++);
    }
    for (int count : chosen) {
      assertThat(count).isBetween(60, 140);
    }
  }
}
