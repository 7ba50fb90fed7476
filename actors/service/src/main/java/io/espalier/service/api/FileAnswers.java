package io.espalier.service.api;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import io.espalier.service.http.HttpCall;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.ProblemException;
import io.espalier.service.http.ProblemKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Answers that are files; all block, but for the sending. Thread-safe. */
final class FileAnswers {
  private final Executor threads;

  FileAnswers(Executor threads) {
    this.threads = threads;
  }

  /**
   * The whole file, the part that the call asks for, or word that it has not changed.
   *
   * @throws ProblemException if there is no such file, or no such part
   */
  HttpResponse file(HttpCall call, Path path, ContentType type) throws IOException {
    ServedFile file =
        ServedFile.at(path)
            .orElseThrow(
                () ->
                    new ProblemException(
                        ProblemKind.NO_SUCH_RESOURCE,
                        "the run has not written this file: name=%s; its state tells whether it will"
                            .formatted(path.getFileName())));
    if (call.header("If-None-Match").map(tags -> tags.contains(file.tag())).orElse(false)) {
      return described(HttpResponses.empty(304), file);
    }
    return described(ranged(call, file, type), file);
  }

  /** The last lines of a text, or all of it; nothing where there is no file. */
  HttpResponse tail(Path path, Optional<Long> lines) throws IOException {
    Optional<ServedFile> file = ServedFile.at(path);
    if (file.isEmpty()) {
      return HttpResponses.text("");
    }
    long end = file.get().bytes();
    long from = lines.isPresent() ? LogTail.start(path, end, lines.get()) : 0;
    return sent(200, file.get(), ContentTypes.TEXT_PLAIN_UTF8, new ByteRange(from, end));
  }

  private HttpResponse ranged(HttpCall call, ServedFile file, ContentType type) {
    boolean current = call.header("If-Range").map(tag -> tag.equals(file.tag())).orElse(true);
    Optional<ByteRange> range =
        call.header("Range")
            .filter(each -> current)
            .flatMap(each -> ByteRange.parse(each, file.bytes()));
    if (range.isEmpty()) {
      return sent(200, file, type, new ByteRange(0, file.bytes()));
    }
    if (range.get().isEmpty()) {
      throw new ProblemException(
          ProblemKind.RANGE_NOT_SATISFIABLE,
          "a range must begin inside of the file: bytes=%d".formatted(file.bytes()));
    }
    return sent(206, file, type, range.get())
        .addHeader(HttpResponses.header("Content-Range", range.get().of(file.bytes())));
  }

  private HttpResponse sent(int status, ServedFile file, ContentType type, ByteRange range) {
    HttpResponse response = HttpResponse.create().withStatus(status);
    return range.isEmpty()
        ? response.withEntity(HttpEntities.create(type, new byte[0]))
        : response.withEntity(
            HttpEntities.create(
                type,
                range.end() - range.from(),
                FileSlice.source(file.path(), range.from(), range.end(), threads)));
  }

  private static HttpResponse described(HttpResponse response, ServedFile file) {
    return response
        .addHeader(HttpResponses.header("ETag", file.tag()))
        .addHeader(HttpResponses.header("Accept-Ranges", "bytes"));
  }
}
