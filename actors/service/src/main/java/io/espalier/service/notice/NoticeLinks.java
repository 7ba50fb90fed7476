package io.espalier.service.notice;

import java.net.URI;

/** Addresses of the parts of a run at a service. */
final class NoticeLinks {
  private NoticeLinks() {}

  /** The run's page in the dashboard. */
  static String page(URI publicUrl, String run) {
    return publicUrl + "/dashboard/#/run/" + run;
  }

  static String status(URI publicUrl, String run) {
    return publicUrl + "/v1/runs/" + run;
  }

  static String recipe(URI publicUrl, String run) {
    return status(publicUrl, run) + "/artifacts/recipe.conf";
  }
}
