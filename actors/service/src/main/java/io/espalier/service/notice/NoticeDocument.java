package io.espalier.service.notice;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.service.ApiJson;
import io.espalier.service.RunStatus;
import java.net.URI;
import java.util.Optional;

/** The JSON of a notice; {@code Notice} in openapi.json is its schema. */
final class NoticeDocument {
  private NoticeDocument() {}

  static ObjectNode of(Notice notice, Optional<URI> publicUrl) {
    ObjectNode document = (ObjectNode) ApiJson.tree(notice);
    document.put("text", NoticeText.summary(notice));
    Optional<String> run = notice.run().map(RunStatus::run);
    if (run.isPresent() && publicUrl.isPresent()) {
      document
          .putObject("links")
          .put("page", NoticeLinks.page(publicUrl.get(), run.get()))
          .put("status", NoticeLinks.status(publicUrl.get(), run.get()))
          .put("recipe", NoticeLinks.recipe(publicUrl.get(), run.get()));
    }
    return document;
  }
}
