/** Data sets that clients upload: their files below the data directory, limits and checks. */
package io.espalier.service.data;
