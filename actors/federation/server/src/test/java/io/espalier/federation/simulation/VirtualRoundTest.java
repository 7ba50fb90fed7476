package io.espalier.federation.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.federation.server.CohortRound;
import io.espalier.federation.server.DeviceTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each client downloads 1,000 bytes, takes 3 steps and uploads 500 bytes at 1,000 bytes/s. */
final class VirtualRoundTest {
  private static final ClientTask.Load LOAD = new ClientTask.Load(1000, 3, 500);

  @TempDir private Path folder;

  @Test
  void round_withFastAndSlowClients_closesWithTheFastest() {
    // Given clients that need 2.5, 4.5, 7.5 and 31.5 seconds
    Heard heard = new Heard(Set.of());

    // When two results are wanted of four invited ones
    VirtualRound.Outcome outcome = play(everybody(), rules(2, 1), 4, 0, heard, 1, 0.333, 2, 10);

    // Then the third and the fourth are late, and only the slow ones' results are missing
    assertThat(outcome.reported()).containsExactly("client-1", "client-2");
    assertThat(heard.delivered).containsExactly("client-2 at 2.499", "client-1 at 4.5");
    assertThat(outcome.late()).containsExactlyInAnyOrder("client-3", "client-4");
    assertThat(outcome.lost()).isEmpty();
    assertThat(outcome.seconds()).isEqualTo(4.5);
    assertThat(outcome.equipped()).hasSize(4);
    assertThat(outcome.bytesDown()).isEqualTo(4000);
    assertThat(heard.started).isEqualTo("4 of 4");
  }

  @Test
  void round_withAClientThatIsSlowButHeard_waitsForItPastTheDeadline() {
    // Given a client whose three steps take 9 seconds each, at a deadline of 10

    // When both results are needed
    VirtualRound.Outcome outcome = play(everybody(), rules(2, 1), 2, 0, new Heard(Set.of()), 1, 9);

    // Then the round waits for it
    assertThat(outcome.reported()).hasSize(2);
    assertThat(outcome.seconds()).isEqualTo(28.5);
  }

  @Test
  void round_withAClientThatIsNotHeard_closesWithoutIt() {
    // Given a client whose steps take 50 seconds each, at a deadline of 10

    // When one result is enough
    VirtualRound.Outcome outcome = play(everybody(), rules(2, 1), 2, 0, new Heard(Set.of()), 1, 50);

    // Then it closes 10 seconds after the client was last heard, at the end of its download
    assertThat(outcome.reported()).containsExactly("client-1");
    assertThat(outcome.late()).containsExactly("client-2");
    assertThat(outcome.seconds()).isEqualTo(11);
  }

  @Test
  void round_thatIsClosedWhileAClientDownloads_countsTheBytesThatArrived() {
    // Given a link of 1,000 and one of 100 bytes per second
    List<VirtualClient> clients =
        List.of(client(0, new Speed(1, 1000)), client(1, new Speed(1, 100)));

    // When the first result is enough
    VirtualRound.Outcome outcome =
        new VirtualRound(
                new VirtualRound.Setting(
                    new Population(clients, everybody()), rules(1, 1), 2, 0, 7),
                "1",
                new Heard(Set.of()),
                100_000)
            .play();

    // Then the second has 4.5 seconds' worth and does not hold the round's masks
    assertThat(outcome.bytesDown()).isEqualTo(1450);
    assertThat(outcome.equipped()).containsExactly("client-1");
    assertThat(outcome.startMs()).isEqualTo(100_000);
    assertThat(outcome.endMs()).isEqualTo(104_500);
  }

  @Test
  void round_withClientsThatLeave_invitesOthersInTheirPlace() throws IOException {
    // Given two clients that leave after 2 seconds, and two that come after 5
    Availability trace = trace("1,0,2\n2,0,2\n3,5,100\n4,5,100\n");

    // When two results are wanted
    Heard heard = new Heard(Set.of());
    VirtualRound.Outcome outcome = play(trace, rules(2, 2), 2, 0, heard, 1, 1, 1, 1);

    // Then the others are invited when the first two are late: 10 seconds after their last step
    assertThat(heard.started).isEqualTo("2 of 2");
    assertThat(outcome.reported()).containsExactly("client-3", "client-4");
    assertThat(outcome.lost()).containsExactlyInAnyOrder("client-1", "client-2");
    assertThat(outcome.invited()).isEqualTo(4);
    assertThat(outcome.seconds()).isEqualTo(16.5);
    assertThat(outcome.bytesDown()).isEqualTo(4000);
  }

  @Test
  void round_whoseClientsAllLeave_beginsAnewWhenTheyAreBack() throws IOException {
    // Given the only client, which leaves in mid-download and is back for long
    Availability trace = trace("1,0,0.5\n1,15,100\n");

    // When it is needed
    VirtualRound.Outcome outcome = play(trace, rules(1, 1), 1, 0, new Heard(Set.of()), 1);

    // Then it goes on with its download at the next look, and the bytes count once
    assertThat(outcome.reported()).containsExactly("client-1");
    assertThat(outcome.bytesDown()).isEqualTo(1000);
    assertThat(outcome.endMs()).isEqualTo(20_500 + 500 + 3000 + 500);
  }

  @Test
  void round_withTooFewClients_waitsForThem() throws IOException {
    VirtualRound.Outcome outcome =
        play(trace("1,0,100\n2,25,100\n"), rules(2, 2), 2, 0, new Heard(Set.of()), 1, 1);

    assertThat(outcome.startMs()).isEqualTo(30_000);
    assertThat(outcome.reported()).hasSize(2);
  }

  @Test
  void round_afterTheEndOfTheTrace_isRefused() throws IOException {
    Availability trace = trace("1,0,3\n");

    assertThatThrownBy(() -> play(trace, rules(1, 1), 1, 0, new Heard(Set.of()), 1))
        .isInstanceOf(VirtualRound.StalledException.class)
        .hasMessageContaining("a round needs its quorum of clients: round=1, reported=0, quorum=1")
        .hasMessageContaining("lower federation.quorum");
  }

  @Test
  void round_withDropOut_losesAboutThatShare() {
    // Given 400 clients of which a quarter drops out
    double[] seconds = IntStream.range(0, 400).mapToDouble(i -> 1).toArray();

    // When all others are enough
    VirtualRound.Outcome outcome =
        play(everybody(), rules(400, 200), 400, 0.25, new Heard(Set.of()), seconds);

    // Then each is either in or lost, the bytes of the lost ones stop where they left
    assertThat(outcome.reported().size() + outcome.lost().size()).isEqualTo(400);
    assertThat(outcome.lost()).hasSizeBetween(75, 125);
    assertThat(outcome.late()).isEmpty();
    assertThat(outcome.bytesDown()).isBetween(370_000L, 399_999L);
  }

  @Test
  void round_withARefusedResult_doesNotCountIt() {
    // Given two of three wanted whose results are good
    Heard heard = new Heard(Set.of("client-2"));

    // When the quorum is two
    VirtualRound.Outcome outcome = play(everybody(), rules(3, 2), 3, 0, heard, 1, 1, 1);

    // Then the third is neither late nor lost
    assertThat(outcome.reported()).containsExactly("client-1", "client-3");
    assertThat(outcome.refused()).isEqualTo(1);
    assertThat(outcome.late()).isEmpty();
    assertThat(outcome.lost()).isEmpty();
    assertThat(outcome.seconds()).isEqualTo(14.5);
  }

  private static Availability everybody() {
    return new Availability.Chance(1, 7);
  }

  private static CohortRound.Rules rules(int wanted, int fewest) {
    return new CohortRound.Rules(wanted, fewest, Duration.ofSeconds(10), Duration.ofHours(10));
  }

  private Availability trace(String lines) throws IOException {
    Files.writeString(folder.resolve("trace.csv"), Availability.HEADER + "\n" + lines);
    return Availability.of("trace.csv", folder, 4, 7);
  }

  private static VirtualRound.Outcome play(
      Availability availability,
      CohortRound.Rules rules,
      int invited,
      double dropOut,
      VirtualRound.Workload workload,
      double... secondsPerStep) {
    List<VirtualClient> clients =
        IntStream.range(0, secondsPerStep.length)
            .mapToObj(i -> client(i, new Speed(secondsPerStep[i], 1000)))
            .toList();
    VirtualRound.Setting setting =
        new VirtualRound.Setting(new Population(clients, availability), rules, invited, dropOut, 7);
    return new VirtualRound(setting, "1", workload, 0).play();
  }

  private static VirtualClient client(int number, Speed speed) {
    return new VirtualClient(
        number, "client-" + (number + 1), new DeviceTier(1, 1), speed, new int[] {number});
  }

  /** Records its calls. */
  private static final class Heard implements VirtualRound.Workload {
    private final Set<String> bad;
    private final List<String> delivered = new ArrayList<>();
    private String started = "";

    private Heard(Set<String> bad) {
      this.bad = bad;
    }

    @Override
    public List<VirtualClient> eligible(List<VirtualClient> there) {
      return there;
    }

    @Override
    public ClientTask.Load load(VirtualClient client) {
      return LOAD;
    }

    @Override
    public void started(int invited, int connected) {
      started = invited + " of " + connected;
    }

    @Override
    public boolean delivered(VirtualClient client, double seconds) {
      delivered.add(client.name() + " at " + seconds);
      return !bad.contains(client.name());
    }
  }
}
