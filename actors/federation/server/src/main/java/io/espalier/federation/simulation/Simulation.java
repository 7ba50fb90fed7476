package io.espalier.federation.simulation;

import io.espalier.configs.file.DiskFailure;
import io.espalier.federation.server.CohortRound;
import io.espalier.federation.server.DeviceTier;
import io.espalier.federation.server.FederationSession;
import io.espalier.masks.MaskSet;
import io.espalier.telemetry.event.FederationEvent;
import io.espalier.trainer.federated.ClientExamples;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.RoundPayload;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.federated.RoundWork.Kind;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.DivergedException;
import io.espalier.training.RunResult;
import io.espalier.training.run.InvalidRunDirectoryException;
import io.espalier.training.run.ResourceMeter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleConsumer;

/**
 * A federation whose clients are simulated: rounds, merging and files are the server's, clients
 * share one replica, and virtual time passes by their speeds. Beside the session it holds a shard
 * for each client and the masks of each tier. A function of recipe and plan, however many attempts
 * it takes. Confined to one thread.
 */
public final class Simulation {
  private static final Duration RESOURCE_INTERVAL = Duration.ofSeconds(5);
  private static final String SOFTWARE = "simulation";

  private final PreparedFederation federation;
  private final Population population;
  private final SimulationFiles files;
  private final FederationSession session;
  private final VirtualRound.Setting setting;
  private final ClientExecutor executor;
  private final SimulationMemory memory;
  private final SortedMap<DeviceTier, Integer> tiers;
  private final long denseBytes;
  private final ResourceMeter meter;

  private Simulation(
      PreparedFederation federation,
      Population population,
      SimulationFiles files,
      FederationSession session)
      throws IOException {
    PreparedRun run = federation.values();
    MaskSet dense = MaskSet.dense(run.layout(), run.prunableIds());
    this.federation = federation;
    this.population = population;
    this.files = files;
    this.session = session;
    this.setting =
        new VirtualRound.Setting(
            population,
            CohortRound.Rules.of(federation.rounds()),
            federation.rounds().cohort().invited(),
            files.plan().presence().dropOut(),
            run.config().seed());
    this.executor = new ClientExecutor(federation, session, files.folder());
    this.memory = new SimulationMemory(population, session.networks(), dense, state());
    this.tiers = population.tiers();
    this.meter = new ResourceMeter(files.folder(), RESOURCE_INTERVAL);
    this.denseBytes = new RoundPayload(run.stateLayout()).valuesBytes(dense);
  }

  /** Starts a simulation, or resumes it from the session's checkpoint. */
  public static Simulation of(
      PreparedFederation federation,
      Population population,
      SimulationFiles files,
      FederationSession session)
      throws IOException {
    return new Simulation(federation, population, files, session);
  }

  private Optional<SimulationMemory.State> state() throws IOException {
    long completed = session.course().model().step();
    if (session.course().next().filter(work -> work.kind() == Kind.MEASURE_NORMS).isPresent()) {
      return Optional.empty();
    }
    Optional<SimulationMemory.State> state = files.state(completed);
    if (completed > 0 && state.isEmpty()) {
      throw new InvalidRunDirectoryException(
          "a checkpoint of a simulation needs the state of its clients: directory=%s, round=%d; begin the simulation anew"
              .formatted(files.folder(), completed));
    }
    return state;
  }

  /**
   * Plays the remaining rounds, and writes the files of the finished run.
   *
   * @param stop called after each round: whether to end with a checkpoint
   * @param played receives the virtual time after each round, in seconds
   */
  public RunResult run(BooleanSupplier stop, DoubleConsumer played) {
    try (Heartbeat heartbeat = new Heartbeat()) {
      heartbeat.start(RESOURCE_INTERVAL, this::measure);
      introduce();
      Optional<RoundWork> next = session.course().next();
      while (next.isPresent()) {
        RoundWork work = next.get();
        long began = System.nanoTime();
        play(work);
        memory.played((System.nanoTime() - began) / 1e9);
        played.accept(memory.clockMs() / 1e3);
        next = session.course().next();
        if (next.isPresent() && work.kind() != Kind.MEASURE_NORMS && stop.getAsBoolean()) {
          return session.stop();
        }
      }
      measure();
      return session.finish(facts());
    } catch (DivergedException e) {
      return session.diverge(String.valueOf(e.getMessage()));
    } catch (VirtualRound.StalledException e) {
      return session.fail(String.valueOf(e.getMessage()));
    } catch (UncheckedIOException e) {
      return session.fail(unwritten(Objects.requireNonNull(e.getCause())));
    } catch (IOException e) {
      return session.fail(unwritten(e));
    }
  }

  private static String unwritten(IOException cause) {
    return "checkpoints must be written: cause=%s; %s, then resume the run"
        .formatted(cause, DiskFailure.wayOut(cause));
  }

  private void introduce() {
    population
        .clients()
        .forEach(
            client ->
                session.record(
                    new FederationEvent.ClientJoined(
                        client.name(),
                        client.tier().cap(),
                        ClientExamples.of(federation, client.shard()).trainingCount(),
                        SOFTWARE,
                        client.tier().reportedWidth())));
  }

  private void play(RoundWork work) throws IOException {
    memory.begin(session.course().model().masks().masks());
    RoundPayloads payloads =
        new RoundPayloads(session.networks(), session.course(), work, tiers.keySet());
    SimulatedRound round =
        new SimulatedRound(
            federation,
            session,
            executor,
            work,
            payloads,
            client -> memory.bytesDown(client, payloads),
            ResultFiles.begin(files.folder()));
    VirtualRound.Outcome outcome =
        new VirtualRound(setting, work.key(), round, memory.clockMs()).play();
    memory.learn(outcome, work);
    outcome.late().forEach(client -> late(client, work, "still at work"));
    outcome.lost().forEach(client -> late(client, work, "not connected"));
    if (work.kind() != Kind.MEASURE_NORMS) {
      long completed = (long) work.completed() + (work.kind().trains() ? 1 : 0);
      files.write(
          completed,
          memory.state(),
          federation.run().config().train().recovery().keepCheckpoints());
    }
    session.merge(round.contributions(), tally(work, outcome, round), tiers);
    round.end();
  }

  private void late(String client, RoundWork work, String cause) {
    session.record(new FederationEvent.ClientLate(client, work.key(), cause));
  }

  private FederationSession.Tally tally(
      RoundWork work, VirtualRound.Outcome outcome, SimulatedRound round) {
    return new FederationSession.Tally(
        outcome.invited(),
        outcome.reported().size(),
        outcome.late().size(),
        outcome.lost().size(),
        outcome.refused(),
        round.bytesUp(),
        outcome.bytesDown(),
        work.kind().trains() ? denseBytes * (outcome.invited() + outcome.reported().size()) : 0,
        outcome.seconds());
  }

  private void measure() {
    session.recorder().recordResources(meter, 0, 0);
  }

  private Map<String, Object> facts() {
    Map<String, Object> facts = memory.facts();
    facts.put("peakResidentBytes", ResourceMeter.peakResidentBytes());
    return facts;
  }
}
