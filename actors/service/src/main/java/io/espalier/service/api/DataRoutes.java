package io.espalier.service.api;

import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import io.espalier.service.ApiJson;
import io.espalier.service.RunService;
import io.espalier.service.View;
import io.espalier.service.data.DataSet;
import io.espalier.service.data.DataSets;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ProblemKind;
import io.espalier.service.http.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The data sets of the service: upload, list, deletion. */
final class DataRoutes extends AllDirectives implements AutoCloseable {
  private static final List<MediaType> JSON = List.of(MediaTypes.APPLICATION_JSON);
  private static final int UPLOADS = 4;
  private static final long IDLE_SECONDS = 10;
  private static final long MOST_BYTES = 1L << 50;

  private final DataSets data;
  private final RunService service;
  private final Executor threads;
  private final ThreadPoolExecutor uploads = uploadThreads();

  private interface Work<T> {
    T run() throws IOException;
  }

  /** {@code threads} read files. */
  DataRoutes(DataSets data, RunService service, Executor threads) {
    this.data = data;
    this.service = service;
    this.threads = threads;
  }

  List<Endpoint> endpoints() {
    Optional<Role> manage = Optional.of(Role.MANAGE);
    return List.of(
        Endpoint.get("/v1/data", Optional.of(Role.READ), List.of(), JSON, call -> list(call)),
        Endpoint.get("/v1/data/{name}", Optional.of(Role.READ), List.of(), JSON, this::get),
        new Endpoint(
            HttpMethods.PUT,
            "/v1/data/{name}",
            manage,
            List.of("sha256", "bytes"),
            Set.of(),
            true,
            JSON,
            this::put),
        new Endpoint(
            HttpMethods.DELETE,
            "/v1/data/{name}",
            manage,
            List.of(),
            Set.of(),
            List.of(),
            this::delete));
  }

  private Route list(HttpCall call) {
    return on(
        threads,
        call,
        () -> data.list(call.view()),
        all -> complete(HttpResponses.json(200, ApiJson.tree(all))));
  }

  private Route get(HttpCall call) {
    return on(
        threads,
        call,
        () -> data.get(call.parameter("name"), call.view()),
        one -> answer(200, one));
  }

  /** On a thread of its own, which waits for the client's bytes. */
  private Route put(HttpCall call) {
    DataSets.Upload upload =
        new DataSets.Upload(
            call.parameter("name"),
            kind(call.request().entity().getContentType().mediaType()),
            call.text("sha256").map(DataRoutes::digest),
            call.number("bytes", 0, MOST_BYTES)
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty),
            call.token(),
            call.submitter());
    return on(
        uploads,
        call,
        () -> data.store(upload, call::stream),
        stored -> answer(stored.fresh() ? 201 : 200, stored.data()));
  }

  private static DataSet.Kind kind(MediaType type) {
    if (type.equals(MediaTypes.APPLICATION_ZIP)) {
      return DataSet.Kind.FOLDER;
    }
    if (type.equals(MediaTypes.APPLICATION_OCTET_STREAM)) {
      return DataSet.Kind.FILE;
    }
    throw new ProblemException(
        ProblemKind.UNSUPPORTED_MEDIA_TYPE,
        "the body must be application/octet-stream for a file, or application/zip for a folder: contentType="
            + type);
  }

  private static String digest(String text) {
    if (!DataSet.isDigest(text)) {
      throw ProblemException.invalid("sha256 must be 64 hex digits in lower case");
    }
    return text;
  }

  private Route delete(HttpCall call) {
    return on(
        threads,
        call,
        () -> {
          data.delete(call.parameter("name"), call.view(), path -> users(path, call.view()));
          return true;
        },
        done -> complete(HttpResponses.empty(204)));
  }

  private List<String> users(Path path, View view) {
    return service.unfinishedWith(path).toCompletableFuture().join().stream()
        .map(run -> isSeen(run, view) ? run : "a run of another owner")
        .distinct()
        .toList();
  }

  private boolean isSeen(String run, View view) {
    return view.seesAll() || view.sees(service.ownership(run).toCompletableFuture().join());
  }

  private Route answer(int status, DataSet set) {
    return complete(HttpResponses.json(status, ApiJson.tree(set)));
  }

  private static <T> Route on(
      Executor threads, HttpCall call, Work<T> work, Function<T, Route> answer) {
    try {
      return call.onSuccess(CompletableFuture.supplyAsync(() -> run(work), threads), answer);
    } catch (RejectedExecutionException e) {
      throw new ProblemException(
          ProblemKind.FULL,
          "uploads may arrive at most %d at a time; try again".formatted(UPLOADS));
    }
  }

  private static <T> T run(Work<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ThreadPoolExecutor uploadThreads() {
    return new ThreadPoolExecutor(
        0,
        UPLOADS,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        work -> {
          Thread thread = new Thread(work, "espalier-upload");
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Ends what waits for bytes. */
  @Override
  public void close() {
    uploads.shutdownNow();
  }
}
