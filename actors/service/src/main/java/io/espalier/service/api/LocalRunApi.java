package io.espalier.service.api;

import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.configs.file.Json;
import io.espalier.federation.simulation.SimulationFiles;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ProblemKind;
import io.espalier.service.http.Role;
import io.espalier.service.notes.RunNote;
import io.espalier.service.notes.RunNotes;
import io.espalier.telemetry.event.RunId;
import io.espalier.telemetry.outbox.RunIdFile;
import io.espalier.telemetry.outbox.RunRegistry;
import io.espalier.training.run.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;

/**
 * The part of the API that a dashboard by itself has: files of the runs of an Espalier home, and
 * what users write about runs. Thread-safe.
 */
public final class LocalRunApi implements AutoCloseable {
  private final RunRegistry registry;
  private final RunNotes notes;
  private final ThreadPoolExecutor threads = HttpApi.fileThreads();
  private final WatchedNotes watched = new WatchedNotes(this::allNotes, threads);

  public LocalRunApi(Path home) {
    registry = RunRegistry.of(home);
    notes = RunNotes.in(home.resolve("known-runs"));
  }

  /**
   * What users have written about runs, for the page; runs whose directory is gone, or another's,
   * are deleted.
   */
  public Supplier<CompletionStage<Map<String, JsonNode>>> notes() {
    return watched;
  }

  /** The endpoints; callers need a token unless {@code isOpen}. */
  public List<Endpoint> endpoints(boolean isOpen) {
    Optional<Role> read = isOpen ? Optional.empty() : Optional.of(Role.READ);
    Optional<Role> write = isOpen ? Optional.empty() : Optional.of(Role.OPERATE);
    List<Endpoint> all =
        new ArrayList<>(
            new FileRoutes(this::directory, threads, Optional.empty(), read).endpoints());
    all.addAll(new NoteRoutes(notes, threads).endpoints(read, write));
    all.add(
        Endpoint.get(
            "/v1/runs/{run}", read, List.of(), List.of(MediaTypes.APPLICATION_JSON), this::about));
    return all;
  }

  /** The directory of a run is left out where it is unknown, as of runs of other machines. */
  private Route about(HttpCall call) {
    String run = call.run();
    return call.onSuccess(
        CompletableFuture.supplyAsync(() -> facts(run), threads),
        about -> Directives.complete(HttpResponses.json(200, about)));
  }

  private ObjectNode facts(String run) {
    ObjectNode about = Json.LENIENT.createObjectNode().put("run", run);
    found(run)
        .ifPresent(
            path ->
                about
                    .put("directory", path.toString())
                    .put("checkpoint", hasCheckpoint(path))
                    .put("simulation", SimulationFiles.areIn(path)));
    return about;
  }

  private static boolean hasCheckpoint(Path directory) {
    try {
      return RunDirectory.hasCheckpoint(directory);
    } catch (NoSuchFileException e) {
      return false; // deleted meanwhile
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CompletionStage<Path> directory(String run) {
    return CompletableFuture.supplyAsync(
        () ->
            found(run)
                .orElseThrow(
                    () ->
                        new ProblemException(
                            ProblemKind.NO_SUCH_RUN,
                            "a run must be one of this home and have its directory: run=%s; its files are where it was started"
                                .formatted(run))),
        threads);
  }

  private Optional<Path> found(String run) {
    try {
      RunId id = new RunId(run);
      return registry.find(id).filter(path -> RunIdFile.isOf(path, id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, RunNote> allNotes() throws IOException {
    Map<String, RunNote> all = notes.all();
    registry.all().entrySet().stream()
        .filter(each -> !RunIdFile.isOf(each.getValue(), each.getKey()))
        .forEach(each -> all.put(each.getKey().value(), RunNote.GONE));
    return all;
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
