package io.espalier.service.api;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaType;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.EntityTag;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.stream.javadsl.FileIO;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.espalier.configs.file.Json;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ProblemKind;
import io.espalier.service.http.Role;
import io.espalier.trainer.file.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** A run's log, artifacts and report; nothing else of its directory is sent. */
final class FileRoutes extends AllDirectives {
  private static final String LOG = "run.log";
  private static final String REPORT = "report.html";
  private static final long MOST_LINES = 1_000_000;
  private static final int PIECE_BYTES = 1 << 16;
  private static final Map<String, ContentType> ARTIFACTS = artifacts();

  /** The report's scripts and styles are inside of it; it may do nothing but draw itself. */
  private static final List<HttpHeader> INERT =
      List.of(
          HttpResponses.header(
              "Content-Security-Policy",
              "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:;"
                  + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts"),
          HttpResponses.header("Referrer-Policy", "no-referrer"),
          HttpResponses.header("Cross-Origin-Resource-Policy", "same-origin"));

  private final Function<String, CompletionStage<Path>> directories;
  private final Executor threads;
  private final Optional<ReportLinks> links;
  private final Optional<Role> role;

  private record ServedFile(Path path, long bytes, long modifiedMillis) {
    static Optional<ServedFile> at(Path path) {
      try {
        var attributes =
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.isRegularFile()
            ? Optional.of(
                new ServedFile(path, attributes.size(), attributes.lastModifiedTime().toMillis()))
            : Optional.empty();
      } catch (NoSuchFileException e) {
        return Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    long tail(long lines) {
      try {
        return LineIndex.tail(path, bytes, lines);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The digest of the bytes that {@link #answer} sends, as in a header (RFC 9530). */
    String digest() {
      MessageDigest digest = Sha256.begin();
      byte[] piece = new byte[PIECE_BYTES];
      long left = bytes;
      try (InputStream in = Files.newInputStream(path)) {
        while (left > 0) {
          int count = in.readNBytes(piece, 0, (int) Math.min(left, piece.length));
          if (count == 0) {
            break;
          }
          digest.update(piece, 0, count);
          left -= count;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return "sha-256=:%s:".formatted(Base64.getEncoder().encodeToString(digest.digest()));
    }

    EntityTag tag() {
      return EntityTag.create("%x-%x".formatted(bytes, modifiedMillis), false);
    }

    /** An answer with the bytes from an offset on, without those appended later. */
    HttpResponse answer(ContentType type, long from) {
      long count = bytes - from;
      if (count == 0) {
        return HttpResponses.of(type, new byte[0]);
      }
      Source<ByteString, ?> content =
          FileIO.fromPath(path, PIECE_BYTES, from)
              .statefulMapConcat(
                  () -> {
                    long[] left = {count};
                    return piece -> {
                      ByteString taken = piece.take((int) Math.min(left[0], piece.size()));
                      left[0] -= taken.size();
                      return List.of(taken);
                    };
                  })
              .takeWhile(piece -> !piece.isEmpty());
      return HttpResponse.create().withEntity(HttpEntities.create(type, count, content));
    }
  }

  /**
   * The routes of some runs.
   *
   * @param directories the directory of a run; fails for an unknown one
   * @param threads read files
   * @param links to reports, for who has no token; empty where no caller needs one
   * @param role that a caller needs; empty where anyone may look
   */
  FileRoutes(
      Function<String, CompletionStage<Path>> directories,
      Executor threads,
      Optional<ReportLinks> links,
      Optional<Role> role) {
    this.directories = directories;
    this.threads = threads;
    this.links = links;
    this.role = role;
  }

  List<Endpoint> endpoints() {
    List<MediaType> all =
        ARTIFACTS.values().stream().map(ContentType::mediaType).distinct().toList();
    List<Endpoint> endpoints =
        new ArrayList<>(
            List.of(
                get("log", List.of("tail"), List.of(MediaTypes.TEXT_PLAIN), this::log),
                get("artifacts", List.of(), List.of(MediaTypes.APPLICATION_JSON), this::list),
                get("artifacts/{name}", List.of(), all, this::artifact),
                get("report", List.of(), List.of(MediaTypes.TEXT_HTML), this::report)));
    links.ifPresent(signer -> endpoints.addAll(linked(signer)));
    return endpoints;
  }

  private List<Endpoint> linked(ReportLinks signer) {
    return List.of(
        new Endpoint(
            HttpMethods.POST,
            "/v1/runs/{run}/report-link",
            role,
            List.of(),
            Set.of(),
            List.of(MediaTypes.APPLICATION_JSON),
            call -> link(call, signer)),
        Endpoint.get(
                "/v1/runs/{run}/report/{link}",
                Optional.empty(),
                List.of(),
                List.of(MediaTypes.TEXT_HTML),
                call -> linked(call, signer))
            .forAnyone());
  }

  private Endpoint get(
      String part,
      List<String> query,
      List<MediaType> produces,
      Function<HttpCall, Route> handler) {
    return Endpoint.get("/v1/runs/{run}/" + part, role, query, produces, handler);
  }

  /** The last lines of the log, or all of it; nothing before the run has written one. */
  private Route log(HttpCall call) {
    Optional<Long> lines = call.number("tail", 0, MOST_LINES);
    return inDirectory(
        call,
        directory -> {
          Optional<ServedFile> file = ServedFile.at(directory.resolve(LOG));
          if (file.isEmpty()) {
            return complete(HttpResponses.of(ContentTypes.TEXT_PLAIN_UTF8, new byte[0]));
          }
          long from = lines.isPresent() ? file.get().tail(lines.get()) : 0;
          return complete(file.get().answer(ContentTypes.TEXT_PLAIN_UTF8, from));
        });
  }

  private Route list(HttpCall call) {
    return inDirectory(
        call,
        directory -> {
          ArrayNode list = Json.LENIENT.createArrayNode();
          for (String name : ARTIFACTS.keySet()) {
            ServedFile.at(directory.resolve(name))
                .ifPresent(file -> list.addObject().put("name", name).put("bytes", file.bytes()));
          }
          return complete(HttpResponses.json(200, list));
        });
  }

  private Route artifact(HttpCall call) {
    String name = call.parameter("name");
    if (!ARTIFACTS.containsKey(name)) {
      throw new ProblemException(
          ProblemKind.NO_SUCH_RESOURCE, "an artifact must be one of " + ARTIFACTS.keySet());
    }
    List<HttpHeader> headers = new ArrayList<>(INERT);
    headers.add(
        HttpResponses.header("Content-Disposition", "attachment; filename=\"%s\"".formatted(name)));
    return inDirectory(call, directory -> file(call, directory.resolve(name), headers));
  }

  private Route report(HttpCall call) {
    return inDirectory(call, directory -> file(call, directory.resolve(REPORT), INERT));
  }

  private Route link(HttpCall call, ReportLinks signer) {
    return call.onSuccess(
        directories.apply(call.run()),
        directory -> {
          ReportLinks.Signed signed = signer.sign(call.run());
          return complete(
              HttpResponses.json(
                  200,
                  Json.LENIENT
                      .createObjectNode()
                      .put("url", RunDocuments.address(call.run()) + "/report/" + signed.link())
                      .put("expires", signed.expires().toString())));
        });
  }

  /** The report, for who has a link in place of a token. */
  private Route linked(HttpCall call, ReportLinks signer) {
    if (!signer.isValid(call.run(), call.parameter("link"))) {
      throw new ProblemException(
          ProblemKind.NO_SUCH_RESOURCE,
          "a link must be whole and at most %d minutes old; 'espalier report RUN' makes another"
              .formatted(ReportLinks.LIFETIME.toMinutes()));
    }
    return report(call);
  }

  private Route file(HttpCall call, Path path, List<HttpHeader> always) {
    String name = path.getFileName().toString();
    ServedFile file =
        ServedFile.at(path)
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.NO_SUCH_RESOURCE,
                        "the run has not written this file: name=%s; its state shows whether it will"
                            .formatted(name)));
    List<HttpHeader> headers = new ArrayList<>(always);
    if (call.header("Want-Repr-Digest").isPresent()) {
      headers.add(HttpResponses.header("Repr-Digest", file.digest()));
    }
    HttpResponse whole = file.answer(Optional.ofNullable(ARTIFACTS.get(name)).orElseThrow(), 0);
    return respondWithHeaders(
        headers, () -> conditional(file.tag(), () -> withRangeSupport(() -> complete(whole))));
  }

  /** Looks for files, on a thread that may block, if the run is known. */
  private Route inDirectory(HttpCall call, Function<Path, Route> look) {
    return call.onSuccess(
        directories.apply(call.run()).thenApplyAsync(look, threads), route -> route);
  }

  private static Map<String, ContentType> artifacts() {
    ContentType binary = ContentTypes.APPLICATION_OCTET_STREAM;
    Map<String, ContentType> types = new LinkedHashMap<>();
    types.put("summary.json", ContentTypes.APPLICATION_JSON);
    types.put("model.safetensors", binary);
    types.put("masks.safetensors", binary);
    types.put("best.safetensors", binary);
    types.put("confusion.json", ContentTypes.APPLICATION_JSON);
    types.put("recipe.conf", ContentTypes.TEXT_PLAIN_UTF8);
    types.put("events.jsonl", ContentTypes.parse("application/x-ndjson"));
    types.put(REPORT, ContentTypes.TEXT_HTML_UTF8);
    types.put(LOG, ContentTypes.TEXT_PLAIN_UTF8);
    return types;
  }
}
