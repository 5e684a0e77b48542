/** Made by `npm run build:client` from the routes. Edit the contracts in src/server, not this file. */
export interface paths {
    "/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process is up */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                            version: string;
                        };
                    };
                };
                /** @description An error. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether it can take requests
         * @description 503 until its own workers have started, while a part cannot be reached, and while the process stops.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ready: boolean;
                            draining: boolean;
                            parts: {
                                [key: string]: "ok" | "failed";
                            };
                        };
                    };
                };
                /** @description Done. */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            ready: boolean;
                            draining: boolean;
                            parts: {
                                [key: string]: "ok" | "failed";
                            };
                        };
                    };
                };
                /** @description An error. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics in the text format of Prometheus
         * @description Needs the scope `metrics:read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Names and units: docs/operation.md. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": string;
                    };
                };
                /** @description An error. */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List uploads
         * @description Needs the scope `assets:read`.
         */
        get: operations["listAssets"];
        put?: never;
        /**
         * Upload a photo, video or sound
         * @description What it is, is told by its content. The same bytes of the same tenant are kept once: they get the same id. For large files, or lines that break, see /v1/uploads.
         *
         *     Needs the scope `assets:write`.
         */
        post: operations["uploadAsset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at an upload
         * @description Needs the scope `assets:read`.
         */
        get: operations["getAsset"];
        put?: never;
        post?: never;
        /**
         * Remove an upload
         * @description Jobs that still need it fail.
         *
         *     Needs the scope `assets:write`.
         */
        delete: operations["deleteAsset"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assets/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the bytes of an upload
         * @description Takes `Range`, `If-Range` and `If-None-Match`. The ETag is the sha256.
         *
         *     Needs the scope `assets:read`.
         */
        get: operations["getAssetContent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Read the bytes of an upload
         * @description Takes `Range`, `If-Range` and `If-None-Match`. The ETag is the sha256.
         *
         *     Needs the scope `assets:read`.
         */
        head: operations["headAssetContent"];
        patch?: never;
        trace?: never;
    };
    "/v1/assets/{id}/frames/{frame}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at a frame of an upload
         * @description Upright, as a JPEG. A photo is its frame 0. It is always the same: caches may keep it for ever.
         *
         *     Needs the scope `assets:read`.
         */
        get: operations["getAssetFrame"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assets/{id}/filmstrip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Frames of a video side by side
         * @description One JPEG of `count` cells of the same width. Cell i shows frame floor((i + 0.5) × frames / count). Where it would be wider than 16,384 pixels, cells are smaller than asked for. It is always the same: caches may keep it for ever.
         *
         *     Needs the scope `assets:read`.
         */
        get: operations["getFilmstrip"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assets/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take in a file from an address
         * @description Only from hosts that whoever runs the service has named, and never from private networks. Answers when the file is there.
         *
         *     Needs the scope `assets:write`.
         */
        post: operations["importAsset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assets/presign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload straight to the storage
         * @description Gives an address of the storage for one PUT; then POST to `completeUrl`. 501 where the storage is a folder: use /v1/uploads there.
         *
         *     Needs the scope `assets:write`.
         */
        post: operations["presignAsset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assets/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make an asset of what was put to the storage
         * @description The answer is the asset; its id is another one. May be asked again.
         *
         *     Needs the scope `assets:write`.
         */
        post: operations["completeAsset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin an upload that can be continued (tus)
         * @description tus 1.0 with creation,creation-with-upload,creation-defer-length,termination,expiration: any client of the protocol does it. `Upload-Metadata` may name a `filename`. `location` is where to go on; the answer to the last byte has the header `Upload-Asset`, the id of the asset.
         *
         *     Needs the scope `assets:write`.
         */
        post: operations["createUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Give an upload up (tus)
         * @description Needs the scope `assets:write`.
         */
        delete: operations["deleteUpload"];
        options?: never;
        /**
         * How far an upload has come (tus)
         * @description Needs the scope `assets:write`.
         */
        head: operations["getUpload-head"];
        /**
         * Send more of an upload (tus)
         * @description Needs the scope `assets:write`.
         */
        patch: operations["continueUpload"];
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs
         * @description Needs the scope `jobs:read`.
         */
        get: operations["listJobs"];
        put?: never;
        /**
         * Create a job
         * @description It waits for a worker at once. The same work of the same tenant is done once: its job is the answer then, with 200.
         *
         *     Needs the scope `jobs:write`.
         */
        post: operations["createJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at a job
         * @description Its ETag changes with anything in it: ask with `If-None-Match`. To be told instead: /v1/jobs/{id}/events.
         *
         *     Needs the scope `jobs:read`.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        /**
         * Remove a job and its outputs
         * @description Only one that has ended; any other is JOB_STATE. What the audit log says of it stays.
         *
         *     Needs the scope `jobs:write`.
         */
        delete: operations["deleteJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a job
         * @description Reaches every worker within 2 s. A job that has ended stays as it is.
         *
         *     Needs the scope `jobs:write`.
         */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a job again
         * @description For a job that failed or was cancelled. It goes on with what it had done: of a video whole chunks, which a cancelled job keeps for an hour. Any other is JOB_STATE.
         *
         *     Needs the scope `jobs:write`.
         */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/keep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep what a job had done
         * @description For the job of a video that failed or was cancelled: it is queued for an output of its whole chunks from the first frame on, marked and logged as any other, with the note `partial`. A cancelled job has them for an hour. Where none is whole, the job fails with RESUME_MISMATCH. A job that has not ended, or is for a photo, is JOB_STATE.
         *
         *     Needs the scope `jobs:write`.
         */
        post: operations["keepJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hear of a job as it happens
         * @description Named `state`, `progress`, `log` and `task`; `data` is JSON. All but `progress` have an id: a client that comes back with
         *     `Last-Event-ID` gets what it missed. The stream ends when the job has. Every 15 s there is a comment. A reader that is too slow is cut off.
         *
         *     Needs the scope `jobs:read`.
         */
        get: operations["watchJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hear of all jobs as they happen
         * @description `data` is JSON and has `type` and, where it is of a job, `job`: its id. `state`: a job has come to a state; one that you have not
         *     heard of is new. `progress`: as in /v1/jobs/{id}/events. `removed`: a job is gone. `queue`: what waits has another order, or was paused
         *     or resumed. `ready`: the stream has begun. Whoever comes back with `Last-Event-ID` is told the states of all jobs that have changed
         *     meanwhile. Every 15 s there is a comment. A reader that is too slow is cut off.
         *
         *     Needs the scope `jobs:read`.
         */
        get: operations["watchJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * In which order your jobs will run
         * @description Needs the scope `jobs:read`.
         */
        get: operations["getQueue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queue/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin no more work
         * @description What has been begun is finished; faces, people, previews and verdicts are still answered. Holds for all tenants.
         *
         *     Needs the scope `admin`.
         */
        post: operations["pauseQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/queue/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin work again
         * @description Needs the scope `admin`.
         */
        post: operations["resumeQueue"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change when a job has its turn
         * @description Exchanges the turns of your own jobs: those of other tenants are where they were. Only among jobs that wait for the same workers with the same priority; any other is JOB_STATE.
         *
         *     Needs the scope `jobs:write`.
         */
        post: operations["moveJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/estimates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * How long a job would take, and how much memory
         * @description By the median of the last runs that were alike: the same processors, models and other options that decide about time, and pictures of up to twice or half the pixels. Nothing is guessed.
         *
         *     Needs the scope `jobs:read`.
         */
        post: operations["estimateJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/outputs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the outputs of a job
         * @description Needs the scope `jobs:read`.
         */
        get: operations["listOutputs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/outputs/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an output
         * @description Takes `Range`, `If-Range` and `If-None-Match`. The ETag is the sha256. Under its `immutableUrl` it may be cached for ever.
         *
         *     Needs the scope `jobs:read`.
         */
        get: operations["getOutput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Read an output
         * @description Takes `Range`, `If-Range` and `If-None-Match`. The ETag is the sha256. Under its `immutableUrl` it may be cached for ever.
         *
         *     Needs the scope `jobs:read`.
         */
        head: operations["headOutput"];
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/latest-frame": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at the latest frame of a running job
         * @description A small JPEG of the frame that was finished last, made anew once a second at most, with the invisible mark; only of videos, only while one worker does the whole of it, and not where the policy asks for Content Credentials. `progress.pictured` says that there is one.
         *
         *     Needs the scope `jobs:read`.
         */
        get: operations["getLatestFrame"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Look at the latest frame of a running job
         * @description A small JPEG of the frame that was finished last, made anew once a second at most, with the invisible mark; only of videos, only while one worker does the whole of it, and not where the policy asks for Content Credentials. `progress.pictured` says that there is one.
         *
         *     Needs the scope `jobs:read`.
         */
        head: operations["headLatestFrame"];
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the log of a job
         * @description Needs the scope `jobs:read`.
         */
        get: operations["getJobLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List projects
         * @description Needs the scope `jobs:read`.
         */
        get: operations["listProjects"];
        put?: never;
        /**
         * Keep a project
         * @description Needs the scope `jobs:write`.
         */
        post: operations["createProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a project
         * @description Needs the scope `jobs:read`.
         */
        get: operations["getProject"];
        /**
         * Change a project
         * @description Needs `If-Match` with the ETag that it was read or written with: where somebody else has changed it since, PRECONDITION_FAILED and nothing is lost. `If-Match: *` changes it in any case.
         *
         *     Needs the scope `jobs:write`.
         */
        put: operations["changeProject"];
        post?: never;
        /**
         * Remove a project
         * @description Its jobs and their outputs stay; uploads that nothing else needs expire as usual.
         *
         *     Needs the scope `jobs:write`.
         */
        delete: operations["deleteProject"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projects/{id}/duplicate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Copy a project
         * @description Needs the scope `jobs:write`.
         */
        post: operations["duplicateProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consents/statements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say who agreed to a project
         * @description Written to the audit log before it is answered. It takes the place of no consent: where the policy asks for one, jobs still need it.
         *
         *     Needs the scope `jobs:write`.
         */
        post: operations["stateConsent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List consents that jobs may name
         * @description They are entered by `facefusion consent add`.
         *
         *     Needs the scope `jobs:read`.
         */
        get: operations["listConsents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List callbacks
         * @description Needs the scope `jobs:read`.
         */
        get: operations["listCallbacks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a callback again
         * @description Whatever became of it, with all its tries.
         *
         *     Needs the scope `jobs:write`.
         */
        post: operations["replayCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What callbacks of your tenant are signed with
         * @description Needs the scope `jobs:write`.
         */
        get: operations["getCallbackSecret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks/secret/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make another secret
         * @description The one before signs beside it for a day: receivers change without losing a callback.
         *
         *     Needs the scope `jobs:write`.
         */
        post: operations["rotateCallbackSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/faces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find the faces of a photo or a frame
         * @description Needs the scope `looks`.
         */
        post: operations["findFaces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell who is seen in a photo or a video
         * @description A video is looked through as a whole: this takes a while. Persons are named as the map of a job wants them. With `accept: text/event-stream` the answer comes as events: `progress` with `stage`, `done` and `total`, any number of times, then `answer` with what is answered otherwise, or `error` with a problem.
         *
         *     Needs the scope `looks`.
         */
        post: operations["findPeople"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make one frame as a job would
         * @description With `accept: image/png` the answer is the picture itself.
         *
         *     Needs the scope `looks`.
         */
        post: operations["makePreview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell whether a file was made here
         * @description By the invisible mark, Content Credentials, labels and the audit log; works on copies that were shrunk or encoded anew.
         *
         *     Needs the scope `looks`.
         */
        post: operations["verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/previews/{id}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a picture of an answer
         * @description Needs the scope `looks`.
         */
        get: operations["getPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * Read a picture of an answer
         * @description Needs the scope `looks`.
         */
        head: operations["headPicture"];
        patch?: never;
        trace?: never;
    };
    "/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a live session
         * @description The session is recorded as runs are, and refuses what they refuse. Connect to `socketUrl` with the `protocols`
         *     of the answer, wait for `{"type":"ready"}`, and send frames as docs/live.md describes them: 24 bytes of header, then I420. Each comes
         *     back worked on and marked, but for those that newer ones have overtaken. `{"type":"snapshot"}` keeps the next one as a photo,
         *     `{"type":"record"}` what follows as a video: assets with everything that outputs carry. A session that is refused or fails says why in
         *     `{"type":"end"}` before it closes.
         *
         *     Needs the scope `looks`.
         */
        post: operations["openLive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/presets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List presets
         * @description Needs the scope `models:read`.
         */
        get: operations["listPresets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/processors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List processors with their options
         * @description Needs the scope `models:read`.
         */
        get: operations["listProcessors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List models with their licences
         * @description Needs the scope `models:read`.
         */
        get: operations["listModels"];
        put?: never;
        /**
         * Add a model file of your own
         * @description As `facefusion models add` does: the file is read, its inputs and outputs are compared with what the model must have, it is loaded once, and only then kept. Only a service that listens on this machine alone takes files.
         *
         *     Needs the scope `admin`.
         */
        post: operations["addModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the audit log
         * @description The calls of your tenant, and with `job` also what was recorded of its work. With the scope admin: everything.
         *
         *     Needs the scope `audit:read`.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What your tenant has used
         * @description Needs the scope `usage:read`.
         */
        get: operations["getUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the service stands on
         * @description As `facefusion doctor` says it; looked at again after ten minutes, but for `resources`.
         *
         *     Needs the scope `admin`.
         */
        get: operations["getSystem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system/clear-temporary-files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Clear the temporary files of all workers
         * @description Copies of media that no task has in hand. Jobs that run are not touched, and what a failed or cancelled job goes on with stays.
         *
         *     Needs the scope `admin`.
         */
        post: operations["clearTemporaryFiles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who you are to the service
         * @description Any key or token may ask; 401 tells that one is needed.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AddedModel: {
            id: string;
            bytes: number;
            sha256: string;
            isUnverified: boolean;
            /** @description False where there was not enough memory to load it. */
            isTried: boolean;
        };
        /**
         * @description A photo, video or sound that was uploaded. The same bytes have the same id within a tenant.
         * @example {
         *       "id": "asset_1k3c8x0v2m4q7r9t2w5y8z",
         *       "fileName": "party.mp4",
         *       "bytes": 1048576,
         *       "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         *       "contentType": "video/mp4",
         *       "media": {
         *         "kind": "video",
         *         "format": "mp4",
         *         "width": 1280,
         *         "height": 720,
         *         "durationSeconds": 4,
         *         "frames": 100,
         *         "fps": 25
         *       },
         *       "createdAt": "2026-11-29T12:00:00.000Z",
         *       "expiresAt": "2026-11-30T12:00:00.000Z",
         *       "contentUrl": "/v1/assets/asset_1k3c8x0v2m4q7r9t2w5y8z/content"
         *     }
         */
        Asset: {
            /**
             * @description Id of an asset.
             * @example asset_1k3c8x0v2m4q7r9t2w5y8z
             */
            id: string;
            /** @description Without path and control characters. */
            fileName: string;
            bytes: number;
            sha256: string;
            /** @description By its content, whatever the upload claimed. */
            contentType: string;
            media: components["schemas"]["MediaFacts"];
            /** @description ISO 8601. */
            createdAt: string;
            /** @description When it is removed; a job that takes it moves this on. */
            expiresAt?: string;
            /** @description Where its bytes are. */
            contentUrl: string;
        };
        /** @description Newest first. */
        AssetPage: {
            assets: components["schemas"]["Asset"][];
            /** @description Cursor of the next page; absent on the last one. */
            next?: string;
            /** @description Address of the next page, with the same filters. */
            nextUrl?: string;
        };
        /** @description Oldest first. Names and addresses of people are not among them. */
        AuditEntries: {
            entries: {
                /** @description Number in the log of the installation, from 0. */
                seq: number;
                time: string;
                kind: string;
                facts: {
                    [key: string]: unknown;
                };
            }[];
        };
        /** @description The end of a job as it is told. */
        Callback: {
            /**
             * @description As in the header `webhook-id`.
             * @example callback_1k3c8x0v2m4q7r9t2w5y8z_1_completed
             */
            id: string;
            /** @enum {string} */
            state: "waiting" | "delivered" | "dead";
            /**
             * @description Id of a job.
             * @example job_1k3c8x0v2m4q7r9t2w5y8z
             */
            job: string;
            /** @description `job.completed`, `job.failed` or `job.cancelled`. */
            type: string;
            url: string;
            createdAt: string;
            /** @description Of the next try. */
            nextAt?: string;
            attempts: {
                at: string;
                /** @description Of the answer. */
                status?: number;
                /** @description Code, where there was no answer. */
                error?: string;
            }[];
        };
        /** @description Newest first. */
        CallbackPage: {
            callbacks: components["schemas"]["Callback"][];
            /** @description Cursor of the next page; absent on the last one. */
            next?: string;
            /** @description Address of the next page, with the same filters. */
            nextUrl?: string;
        };
        CallbackSecret: {
            /** @description `whsec_` and base64, as Standard Webhooks has it. */
            secret: string;
            createdAt: string;
            /** @description Until then what was replaced signs beside it. */
            previousUntil?: string;
        };
        Caller: {
            tenant: string;
            /**
             * @description `local`: the user of this machine, who needs no key.
             * @enum {string}
             */
            kind: "local" | "key" | "token";
            /** @description `admin` includes all others. */
            scopes: ("assets:read" | "assets:write" | "jobs:read" | "jobs:write" | "looks" | "models:read" | "audit:read" | "usage:read" | "metrics:read" | "admin")[];
            /** @description Of the caller's own; what is left out has the limit of the service, or none. */
            limits: {
                requestsPerMinute?: number;
                jobsPerDay?: number;
                /** @description Of video. */
                minutesPerDay?: number;
                /** @description Uploaded. */
                bytesPerDay?: number;
            };
        };
        ClearedFiles: {
            freedBytes: number;
            /** @description That have answered within 5 s. */
            workers: number;
        };
        /** @description Of the installation, without names. */
        Consents: {
            /** @description The policy wants a valid consent for each source face; a statement is none. */
            isRequired: boolean;
            consents: {
                /**
                 * @description For the option `consent` of a job.
                 * @example c-0123456789ab
                 */
                id: string;
                /** @enum {string} */
                state: "valid" | "expired" | "revoked";
                /** @description Processors, purposes that begin with `x-`, or `any`. */
                uses: string[];
                /** @description ISO 8601: valid before this moment. */
                until: string;
            }[];
        };
        DuplicateRequest: {
            /**
             * @description Of the copy.
             * @example Party
             */
            name: string;
        };
        /** @description Facts behind an error, for programs and for pages that tell it in words of their own. */
        ErrorFacts: {
            /**
             * @description What a run was stopped for.
             * @enum {string}
             */
            category?: "sexual-content" | "young-face" | "listed-face" | "listed-word" | "no-consent" | "not-allowed";
            /**
             * @description In which of them it was seen.
             * @enum {string}
             */
            role?: "source" | "target" | "result";
            /** @description What was measured: a score of 0..1, or an estimated age in years. */
            score?: number;
            /** @description The limit that it is beyond, in the same unit; of a quota, what it allows. */
            limit?: number;
            /**
             * @description Whose limit: `default` of every installation, the `policy` file of this one, or of a `model` added to it.
             * @enum {string}
             */
            limitSetBy?: "default" | "policy" | "model";
            /** @description The limit is lower than that, since a face may be too young. */
            isLowered?: boolean;
            /** @description The key of the policy that decides, as in docs/policy.md. */
            policyKey?: string;
            /** @description The model that measured. */
            model?: string;
            /** @description Frame of the target, from 0. */
            frame?: number;
            /** @description When it is shown, from the start of the target. */
            seconds?: number;
            /** @description Part of the video, from 0, where the frame is not known. */
            chunk?: number;
            /** @description Ids on the blocklist, without names: `facefusion blocklist list` tells its keeper whose they are. */
            blocklistEntries?: string[];
            /** @description Consents of the person, and why they do not do. */
            consents?: {
                id: string;
                state: string;
            }[];
            /** @description What was asked for and is not allowed. */
            refused?: string[];
            /** @description What is allowed instead. */
            allowed?: string[];
            /** @description What the audit log calls the run. */
            run?: string;
            /** @description Number of the entry in the audit log that records it. */
            auditEntry?: number;
            /** @description The option that is wrong. */
            option?: string;
            /** @description Faces that were found. */
            faces?: number;
            /** @description Frames that another try goes on from. */
            framesKept?: number;
            /** @description Frames that there are to make. */
            framesTotal?: number;
            /** @description Of the picture, in pixels. */
            width?: number;
            /** @description Of the picture, in pixels. */
            height?: number;
            /** @description The most pixels that a picture may have. */
            maxPixels?: number;
            /** @description Of the medium. */
            durationSeconds?: number;
            /** @description The longest that a medium may be. */
            maxDurationSeconds?: number;
            /** @description The most bytes that a file may have. */
            maxBytes?: number;
            /** @description Memory that the run needs. */
            neededBytes?: number;
            /**
             * @description What an answer waits for that nobody begins.
             * @enum {string}
             */
            waitingFor?: "disk-full";
            /** @description Free on the disk of temporary files. */
            freeBytes?: number;
            /** @description What must be free there before anything is begun. */
            wantedBytes?: number;
            /** @description Memory that it may take. */
            limitBytes?: number;
            /** @description Execution provider. */
            provider?: string;
            /** @description Scope that the key lacks. */
            scope?: string;
            /** @description Quota that is used up. */
            metric?: string;
            /** @description When to try again. */
            retryAfterSeconds?: number;
            /** @description Jobs that wait. */
            waiting?: number;
            /** @description The most that may wait. */
            mostWaiting?: number;
        };
        Estimate: {
            /**
             * @description A built-in preset, with the options that were given beside it; `given`: exactly those.
             * @enum {string}
             */
            preset: "fast" | "balanced" | "premium" | "given";
            /** @description From the order to the published output, when nothing else is running. */
            seconds?: number;
            /** @description At its peak; absent where the target is not on the machine that answers. */
            memoryBytes?: number;
            /**
             * @description `none`: nothing like it was run here yet, and `seconds` is absent.
             * @enum {string}
             */
            basis: "measured" | "none";
            /** @description That it was taken from, of the last 20. */
            runs: number;
        };
        EstimateRequest: {
            /**
             * @description Id of the asset that is worked on: a photo or a video.
             * @example asset_1k3c8x0v2m4q7r9t2w5y8z
             */
            target: string;
            /** @description Processors, in the order in which they run. Default: face_swapper. */
            processors?: ("face_swapper" | "face_enhancer" | "frame_enhancer" | "face_editor" | "expression_restorer" | "age_modifier" | "lip_syncer" | "frame_colorizer" | "background_remover" | "deep_swapper" | "face_debugger" | "stylizer")[];
            options?: components["schemas"]["RunOptions"];
            /** @description As of a job. */
            ranges?: {
                /** @description First frame of the target, counted from 0. */
                start: number;
                /** @description Frame of the target before which it ends. */
                end: number;
                /** @description true: frames stay as they are. */
                off?: boolean;
                /** @description Processors in the place of those of the run. */
                processors?: ("face_swapper" | "face_enhancer" | "frame_enhancer" | "face_editor" | "expression_restorer" | "age_modifier" | "lip_syncer" | "frame_colorizer" | "background_remover" | "deep_swapper" | "face_debugger" | "stylizer")[];
                options?: components["schemas"]["RangeOptions"];
            }[];
            /** @description Whether there will be a `map`. Default: no. */
            mapsPeople?: boolean;
        };
        Estimates: {
            estimates: components["schemas"]["Estimate"][];
        };
        /** @description Best score first. */
        Faces: {
            width: number;
            height: number;
            faces: {
                box: components["schemas"]["Region"];
                score: number;
                pose: {
                    yawDegrees: number;
                    pitchDegrees: number;
                    rollDegrees: number;
                };
                /** @description Eyes (left and right in the image), nose, corners of the mouth. */
                landmarks5: number[][];
                /** @description An estimate, often ten years off. */
                ageYears?: number;
                /**
                 * @description An estimate.
                 * @enum {string}
                 */
                gender?: "female" | "male";
                /** @description A picture of the face, for an hour. */
                pictureUrl?: string;
            }[];
        };
        FacesRequest: {
            /**
             * @description Id of a photo or a video.
             * @example asset_1k3c8x0v2m4q7r9t2w5y8z
             */
            target: string;
            /** @description Frame of a video, from 0. Default: 0. */
            frameNumber?: number;
            /** @description Lowest score that counts as a face. Default: 0.5. */
            minimumScore?: number;
        };
        ImportRequest: {
            /**
             * Format: uri
             * @example https://media.example.org/party.mp4
             */
            url: string;
            /**
             * @description What you call it. Paths and control characters are taken off.
             * @example party.mp4
             */
            fileName?: string;
        };
        Job: {
            /**
             * @description Id of a job.
             * @example job_1k3c8x0v2m4q7r9t2w5y8z
             */
            id: string;
            /** @enum {string} */
            state: "drafted" | "queued" | "running" | "completed" | "failed" | "cancelled";
            /** @enum {string} */
            priority: "high" | "normal" | "low";
            createdAt: string;
            updatedAt: string;
            submittedAt?: string;
            startedAt?: string;
            endedAt?: string;
            /** @description When the job and its outputs are removed. */
            expiresAt?: string;
            cancelRequestedAt?: string;
            sources: string[];
            map: {
                person: string;
                sources: string[];
            }[];
            /** @description Parts of the video with settings of their own; absent where there are none. */
            ranges?: {
                /** @description First frame of the target, counted from 0. */
                start: number;
                /** @description Frame of the target before which it ends. */
                end: number;
                /** @description true: frames stay as they are. */
                off?: boolean;
                /** @description Processors in the place of those of the run. */
                processors?: ("face_swapper" | "face_enhancer" | "frame_enhancer" | "face_editor" | "expression_restorer" | "age_modifier" | "lip_syncer" | "frame_colorizer" | "background_remover" | "deep_swapper" | "face_debugger" | "stylizer")[];
                options?: components["schemas"]["RangeOptions"];
                map?: {
                    person: string;
                    sources: string[];
                }[];
            }[];
            /**
             * @description Id of an asset.
             * @example asset_1k3c8x0v2m4q7r9t2w5y8z
             */
            target?: string;
            outputName?: string;
            /** @description As they were given, processors included. */
            options: {
                [key: string]: unknown;
            };
            post: {
                [key: string]: unknown;
            }[];
            callback?: {
                url: string;
                on: string[];
            };
            labels: {
                [key: string]: string;
            };
            /** @description Times it was begun. */
            runs: number;
            plan?: {
                chunks: number;
                frames: number;
            };
            progress?: components["schemas"]["JobProgress"];
            /** @description Of a job that waits, where it is asked for alone: why nothing is begun. */
            stalled?: components["schemas"]["Stalled"];
            /** @description Seconds by stage, over all workers; and `queued`. */
            timings: {
                [key: string]: number;
            };
            frames?: {
                total: number;
                changed: number;
                leftAlone: {
                    [key: string]: number;
                };
            };
            /** @description What you should know although it went well. */
            notes: {
                code: string;
                message: string;
                hint?: string;
            }[];
            error?: components["schemas"]["JobError"];
            outputs: components["schemas"]["JobOutput"][];
            /** @description What the audit log calls the run, and the invisible mark of its output. Also where it was refused. */
            audit?: string;
            /** @description Its events, as text/event-stream. */
            eventsUrl: string;
        };
        /** @description Why a job failed. */
        JobError: {
            code: string;
            message: string;
            hint?: string;
            retryable: boolean;
            facts?: components["schemas"]["ErrorFacts"];
        };
        JobLog: {
            entries: {
                /** @description Of the event. */
                number: number;
                at: string;
                /** @enum {string} */
                level: "info" | "warn";
                message: string;
            }[];
            /** @description Ask with `after` set to this for more. */
            next?: number;
        };
        JobOutput: {
            /** @description As in its address. */
            name: string;
            /** @enum {string} */
            role: "main" | "rendition" | "playlist" | "segment" | "poster" | "sprite" | "captions" | "credentials";
            contentType: string;
            bytes: number;
            sha256: string;
            width?: number;
            height?: number;
            durationSeconds?: number;
            /** @description Where it is. Its ETag is the sha256. */
            url: string;
            /** @description The same under a name that changes with the content: caches may keep it for ever. */
            immutableUrl: string;
        };
        JobOutputs: {
            outputs: components["schemas"]["JobOutput"][];
        };
        /** @description Newest first. */
        JobPage: {
            jobs: components["schemas"]["Job"][];
            /** @description Cursor of the next page; absent on the last one. */
            next?: string;
            /** @description Address of the next page, with the same filters. */
            nextUrl?: string;
        };
        JobProgress: {
            stage: string;
            done: number;
            total?: number;
            fps?: number;
            etaSeconds?: number;
            /** @description Frames that were done when the picture at /v1/jobs/{id}/latest-frame was made; absent while there is none. */
            pictured?: number;
        };
        /**
         * @example {
         *       "sources": [
         *         "asset_1k3c8x0v2m4q7r9t2w5y8z"
         *       ],
         *       "target": "asset_1k3c8x0v9n5p6s3v4x7z1b",
         *       "processors": [
         *         "face_swapper",
         *         "face_enhancer"
         *       ],
         *       "options": {
         *         "preset": "fast"
         *       },
         *       "output": {
         *         "name": "party",
         *         "format": "mp4"
         *       },
         *       "labels": {
         *         "order": "4711"
         *       }
         *     }
         * @example {
         *       "sources": [
         *         "asset_1k3c8x0v2m4q7r9t2w5y8z"
         *       ],
         *       "target": "asset_1k3c8x0v0a2c5e7g9j1m3p"
         *     }
         */
        JobRequest: {
            /**
             * @description Id of the asset that is worked on: a photo or a video.
             * @example asset_1k3c8x0v2m4q7r9t2w5y8z
             */
            target: string;
            /** @description Ids of photos of the person whose face is put in; several of one person are fused. Sounds for lip_syncer. */
            sources?: string[];
            /** @description Which person of the target gets which face. */
            map?: {
                /**
                 * @description As POST /v1/people names them.
                 * @example person1
                 */
                person: string;
                /** @description Photos of whose face this person gets; none: this person is left as is. */
                sources: string[];
            }[];
            /** @description Processors, in the order in which they run. Default: face_swapper. */
            processors?: ("face_swapper" | "face_enhancer" | "frame_enhancer" | "face_editor" | "expression_restorer" | "age_modifier" | "lip_syncer" | "frame_colorizer" | "background_remover" | "deep_swapper" | "face_debugger" | "stylizer")[];
            options?: components["schemas"]["RunOptions"];
            /** @description Parts of the video with settings of their own. They must not overlap. */
            ranges?: components["schemas"]["Range"][];
            output?: {
                /** @description Name of the output without its ending. Default: result. */
                name?: string;
                /**
                 * @description Default: mp4 for a video, jpg or png for a photo.
                 * @enum {string}
                 */
                format?: "mp4" | "mov" | "m4v" | "mkv" | "webm" | "avi" | "wmv" | "mpeg" | "ts" | "mxf" | "gif" | "webp" | "jpg" | "png" | "bmp" | "tiff" | "avif";
            };
            /** @description Steps on the finished output, in order: conversion, size target, HLS. See docs/post-processing.md. */
            post?: components["schemas"]["PostStep"][];
            /**
             * @description Default: normal.
             * @enum {string}
             */
            priority?: "high" | "normal" | "low";
            /** @description Where the end of the job is told, signed. */
            callback?: {
                /** Format: uri */
                url: string;
                /** @description Ends that are told. Default: all. */
                on?: ("completed" | "failed" | "cancelled")[];
            };
            /** @description Words of your own; they come back with the job and its callback. */
            labels?: {
                [key: string]: string;
            };
            /** @description false: work that was done before is done again. Default: true, the earlier job is the answer. */
            reuse?: boolean;
        };
        /**
         * @example {
         *       "sources": [
         *         {
         *           "photos": [
         *             "asset_1k3c8x0v2m4q7r9t2w5y8z"
         *           ]
         *         }
         *       ]
         *     }
         */
        LiveRequest: {
            /** @description Persons who may be put in; every frame says which, from 0. */
            sources: {
                /** @description Photos of one person. */
                photos: string[];
            }[];
            /** @description Processors, in the order in which they run. Default: face_swapper. None that changes the size. */
            processors?: ("face_swapper" | "face_enhancer" | "frame_enhancer" | "face_editor" | "expression_restorer" | "age_modifier" | "lip_syncer" | "frame_colorizer" | "background_remover" | "deep_swapper" | "face_debugger" | "stylizer")[];
            /** @description Default of faceSelectorMode: many. What concerns files has no effect. */
            options?: components["schemas"]["RunOptions"];
        };
        LiveSession: {
            /** @description Id of the session. */
            id: string;
            /** @description Where its WebSocket is: path on this service. */
            socketUrl: string;
            /** @description Subprotocols to connect with. The second one is a ticket: it opens the socket once. */
            protocols: string[];
            /** @description ISO 8601: until then the socket must be opened. */
            expiresAt: string;
        };
        MediaFacts: {
            /** @enum {string} */
            kind: "image" | "video" | "audio";
            /** @description Told by content: `jpg`, `mp4`. */
            format: string;
            /** @description Pixels of the upright picture. */
            width?: number;
            height?: number;
            durationSeconds?: number;
            /** @description As the header says, or estimated. */
            frames?: number;
            fps?: number;
        };
        Models: {
            /**
             * @description `commercial`: the policy of this installation locks models whose licence does not allow commercial use.
             * @enum {string}
             */
            licensePolicy: "commercial" | "any";
            models: {
                id: string;
                task: string;
                /**
                 * @description `contract`: there is no published file; models of your own can be like it.
                 * @enum {string}
                 */
                state: "built-in" | "added" | "not-added" | "contract";
                isInstalled: boolean;
                licence: {
                    name: string;
                    /** @enum {string} */
                    commercialUse: "allowed" | "forbidden" | "not-stated";
                };
                /** @description Nothing vouches for the file but whoever added it. */
                isUnverified: boolean;
                bytes?: number;
                sha256?: string;
                vendor?: string;
                year?: number;
            }[];
        };
        MoveRequest: {
            /** @description The job that it is to go before; null: behind all. */
            before: string | null;
        };
        People: {
            /** @enum {string} */
            kind: "image" | "video";
            width: number;
            height: number;
            frames: number;
            persons: {
                /** @description For the map of a job. */
                id: string;
                first: {
                    frame: number;
                    seconds: number;
                };
                last: {
                    frame: number;
                    seconds: number;
                };
                frames: number;
                /** @description Of all frames, 0..1. */
                share: number;
                tracks: number;
                meanSize: number;
                ageYears: number;
                /**
                 * @description An estimate.
                 * @enum {string}
                 */
                gender: "female" | "male";
                best: {
                    frame: number;
                    seconds: number;
                    box: components["schemas"]["Region"];
                };
                /** @description When the person is seen, in the order of time. */
                spans: {
                    /** @description First frame. */
                    start: number;
                    /** @description The frame behind the last one. */
                    end: number;
                    /** @description Where the face is at the start, after moves and at the end; between them it is about on the way. */
                    boxes: {
                        frame: number;
                        box: components["schemas"]["Region"];
                    }[];
                }[];
                /** @description A picture of the face, for an hour. */
                pictureUrl?: string;
            }[];
            unclearTracks: number;
            notes: {
                code: string;
                message: string;
                hint?: string;
            }[];
        };
        PeopleRequest: {
            /**
             * @description Id of a photo or a video, which is looked through as a whole.
             * @example asset_1k3c8x0v2m4q7r9t2w5y8z
             */
            target: string;
        };
        /** @description A step of post-processing. */
        PostStep: {
            /** @constant */
            type: "cleanup";
            /** @description Left edge of the region. */
            x: number;
            /** @description Top edge. */
            y: number;
            width: number;
            height: number;
            /**
             * @description `pixels` of the upright output, or `ratio`: parts of its width and height, 0..1.
             * @default pixels
             * @enum {string}
             */
            unit: "pixels" | "ratio";
            /**
             * @description Why the region may be changed: the material is your own, or you have a licence that allows it.
             * @enum {string}
             */
            rights: "own" | "licensed";
            /**
             * @description Fill from the edges, or blur.
             * @default delogo
             * @enum {string}
             */
            mode: "delogo" | "blur";
        } | {
            /** @constant */
            type: "loudness";
            /**
             * @description Loudness of the whole, in LUFS: -16 for the web, -23 for EBU R 128.
             * @default -16
             */
            integratedLufs: number;
            /**
             * @description Highest peak between samples, in dBTP.
             * @default -1.5
             */
            truePeakDb: number;
        } | {
            /** @constant */
            type: "convert";
            /**
             * @description Format of the result; `webp` of a video is animated.
             * @enum {string}
             */
            format: "mp4" | "mov" | "webm" | "mkv" | "gif" | "webp" | "jpg" | "png" | "avif" | "tiff";
            /**
             * @description Default: that of the output's own codec.
             * @enum {string}
             */
            videoEncoder?: "libx264" | "libx264rgb" | "libx265" | "libvpx-vp9" | "h264_nvenc" | "hevc_nvenc" | "h264_amf" | "hevc_amf" | "h264_qsv" | "hevc_qsv" | "h264_videotoolbox" | "hevc_videotoolbox" | "rawvideo";
            /**
             * @description Default: the sound is copied where the container takes it.
             * @enum {string}
             */
            audioEncoder?: "flac" | "aac" | "libmp3lame" | "libopus" | "libvorbis" | "pcm_s16le" | "pcm_s32le";
            /** @description Size relative to the output. */
            scale?: number;
            /** @description Height in pixels; the width follows. */
            height?: number;
            /** @description Frames a second of a video. */
            fps?: number;
            /**
             * @description Quality of a lossy format.
             * @default 80
             */
            quality: number;
            /**
             * @description Keep the output as it is and make the result beside it, as a rendition; otherwise it takes its place.
             * @default false
             */
            beside: boolean;
        } | {
            /** @constant */
            type: "bitrate";
            /** @description Thousands of bits a second of the picture. */
            videoKbps?: number;
            /** @description Bytes of the whole file, with sound, metadata and credentials. */
            targetBytes?: number;
            /** @description Default: the sound is copied. */
            audioKbps?: number;
            /**
             * @description Look at the whole video before it is encoded: nearer, and slower.
             * @default true
             */
            twoPass: boolean;
            /**
             * @description Keep the output as it is and make the result beside it, as a rendition; otherwise it takes its place.
             * @default false
             */
            beside: boolean;
        } | {
            /** @constant */
            type: "thumbnail";
            /**
             * @description Which frame of a video: by name, or seconds from its beginning.
             * @default middle
             */
            at: ("first" | "middle") | number;
            /**
             * @description Width in pixels; the height follows.
             * @default 320
             */
            width: number;
            /**
             * @default jpg
             * @enum {string}
             */
            format: "jpg" | "png" | "webp";
        } | {
            /** @constant */
            type: "hls";
            /**
             * @description Heights of the renditions in pixels; those above the output are left out.
             * @default [
             *       1080,
             *       720,
             *       480,
             *       360
             *     ]
             */
            heights: number[];
            /**
             * @description Length of a segment, which begins with a key frame.
             * @default 6
             */
            segmentSeconds: number;
            /**
             * @description A picture to show before the video plays.
             * @default true
             */
            poster: boolean;
            /**
             * @description Thumbnails in one picture, with a WebVTT file that says when.
             * @default true
             */
            sprites: boolean;
        };
        Presets: {
            presets: {
                name: string;
                /** @enum {string} */
                origin: "built-in" | "imported";
                options?: {
                    [key: string]: unknown;
                };
                /** @description Why it cannot be used now. */
                problem?: string;
            }[];
        };
        PresignedUpload: {
            /**
             * @description Id of the upload.
             * @example upload_1k3c8x0v2m4q7r9t2w5y8z
             */
            id: string;
            /** @constant */
            method: "PUT";
            /** @description Where the bytes go, straight to the storage. */
            url: string;
            /** @description Headers that the PUT must carry. */
            headers: {
                [key: string]: string;
            };
            /** @description Until then. */
            expiresAt: string;
            /** @description POST here when the bytes are there: the answer is the asset. */
            completeUrl: string;
        };
        PresignRequest: {
            /**
             * @description What you call it. Paths and control characters are taken off.
             * @example party.mp4
             */
            fileName: string;
            /** @description Size of the file. */
            bytes: number;
        };
        Preview: {
            width: number;
            height: number;
            frameNumber: number;
            timeSeconds: number;
            frames: {
                total: number;
                changed: number;
                leftAlone: {
                    [key: string]: number;
                };
            };
            notes: {
                code: string;
                message: string;
                hint?: string;
            }[];
            /** @description The picture, as PNG, for an hour. */
            pictureUrl: string;
        };
        /** @description What a job says of its run, and the frame that is to be made. */
        PreviewRequest: {
            /**
             * @description Id of the asset that is worked on: a photo or a video.
             * @example asset_1k3c8x0v2m4q7r9t2w5y8z
             */
            target: string;
            /** @description Ids of photos of the person whose face is put in; several of one person are fused. Sounds for lip_syncer. */
            sources?: string[];
            /** @description Which person of the target gets which face. */
            map?: {
                /**
                 * @description As POST /v1/people names them.
                 * @example person1
                 */
                person: string;
                /** @description Photos of whose face this person gets; none: this person is left as is. */
                sources: string[];
            }[];
            /** @description Processors, in the order in which they run. Default: face_swapper. */
            processors?: ("face_swapper" | "face_enhancer" | "frame_enhancer" | "face_editor" | "expression_restorer" | "age_modifier" | "lip_syncer" | "frame_colorizer" | "background_remover" | "deep_swapper" | "face_debugger" | "stylizer")[];
            options?: components["schemas"]["RunOptions"];
            /** @description Parts of the video with settings of their own. They must not overlap. */
            ranges?: components["schemas"]["Range"][];
            /** @description Frame of a video, from 0. Default: 0. */
            frameNumber?: number;
        };
        /** @description An error, as RFC 9457 describes it. */
        Problem: {
            /** @description `urn:facefusion:error:` and the code. */
            type: string;
            /** @description What the code means, always the same. */
            title: string;
            status: number;
            /** @description Stable; see docs/errors.md. */
            code: string;
            /** @description What was expected, and what came. */
            detail: string;
            /** @description What to do next. */
            hint?: string;
            /** @description As in the header `x-request-id` and in the logs of the service. */
            requestId?: string;
            /** @description Every mistake of a request, with where it is. */
            errors?: {
                path: string;
                message: string;
            }[];
            facts?: components["schemas"]["ErrorFacts"];
        };
        Processors: {
            processors: {
                /** @enum {string} */
                id: "face_swapper" | "face_enhancer" | "frame_enhancer" | "face_editor" | "expression_restorer" | "age_modifier" | "lip_syncer" | "frame_colorizer" | "background_remover" | "deep_swapper" | "face_debugger" | "stylizer";
                /** @description A photo among the sources. */
                needsSource: boolean;
                /** @description A sound among the sources, or a video for its sound. */
                needsSound: boolean;
                /** @description JSON Schema, draft 2020-12. */
                options: {
                    [key: string]: unknown;
                };
            }[];
            /** @description Options that do not belong to one processor; `x-group` says which belong together. */
            options: {
                [key: string]: unknown;
            };
        };
        Project: {
            /**
             * @description Id of a project.
             * @example project_1k3c8x0v2m4q7r9t2w5y8z
             */
            id: string;
            /**
             * @description For people.
             * @example Party
             */
            name: string;
            /**
             * @description An asset that stands for it in lists.
             * @example asset_1k3c8x0v2m4q7r9t2w5y8z
             */
            thumbnail?: string;
            /** @description ISO 8601. */
            createdAt: string;
            updatedAt: string;
            /**
             * @description Any JSON object of up to 256 kB, given back as it came. Uploads whose ids are anywhere in it do not expire while it is kept.
             * @example {
             *       "sources": [],
             *       "target": null
             *     }
             */
            document: {
                [key: string]: unknown;
            };
        };
        /** @description Newest first. */
        ProjectPage: {
            projects: components["schemas"]["ProjectSummary"][];
            /** @description Cursor of the next page; absent on the last one. */
            next?: string;
            /** @description Address of the next page, with the same filters. */
            nextUrl?: string;
        };
        ProjectRequest: {
            /**
             * @description For people.
             * @example Party
             */
            name: string;
            /**
             * @description Any JSON object of up to 256 kB, given back as it came. Uploads whose ids are anywhere in it do not expire while it is kept.
             * @example {
             *       "sources": [],
             *       "target": null
             *     }
             */
            document: {
                [key: string]: unknown;
            };
            /**
             * @description An asset that stands for it in lists.
             * @example asset_1k3c8x0v2m4q7r9t2w5y8z
             */
            thumbnail?: string;
        };
        ProjectSummary: {
            /**
             * @description Id of a project.
             * @example project_1k3c8x0v2m4q7r9t2w5y8z
             */
            id: string;
            /**
             * @description For people.
             * @example Party
             */
            name: string;
            /**
             * @description An asset that stands for it in lists.
             * @example asset_1k3c8x0v2m4q7r9t2w5y8z
             */
            thumbnail?: string;
            /** @description ISO 8601. */
            createdAt: string;
            updatedAt: string;
        };
        Queue: {
            /** @description Nothing is begun until it is resumed. */
            isPaused: boolean;
            stalled?: components["schemas"]["Stalled"];
            /** @description Your jobs that wait, the next one first. */
            order: string[];
        };
        /**
         * @example {
         *       "start": 120,
         *       "end": 300,
         *       "options": {
         *         "faceEnhancerBlend": 40
         *       }
         *     }
         */
        Range: {
            /** @description First frame of the target, counted from 0. */
            start: number;
            /** @description Frame of the target before which it ends. */
            end: number;
            /** @description true: frames stay as they are. */
            off?: boolean;
            /** @description Processors in the place of those of the run. */
            processors?: ("face_swapper" | "face_enhancer" | "frame_enhancer" | "face_editor" | "expression_restorer" | "age_modifier" | "lip_syncer" | "frame_colorizer" | "background_remover" | "deep_swapper" | "face_debugger" | "stylizer")[];
            options?: components["schemas"]["RangeOptions"];
            /** @description Persons who get another face here; the job needs a map too. */
            map?: {
                /**
                 * @description As POST /v1/people names them.
                 * @example person1
                 */
                person: string;
                /** @description Photos of whose face this person gets; none: this person is left as is. */
                sources: string[];
            }[];
        };
        /** @description Options of processors and masks, for a part of a video. */
        RangeOptions: {
            faceSwapperModel?: string;
            faceSwapperPixelBoost?: string;
            faceSwapperWeight?: number;
            faceEnhancerModel?: string;
            faceEnhancerBlend?: number;
            faceEnhancerWeight?: number;
            faceEditorModel?: string;
            faceEditorEyebrowDirection?: number;
            faceEditorEyeGazeHorizontal?: number;
            faceEditorEyeGazeVertical?: number;
            faceEditorEyeOpenRatio?: number;
            faceEditorLipOpenRatio?: number;
            faceEditorMouthGrim?: number;
            faceEditorMouthPout?: number;
            faceEditorMouthPurse?: number;
            faceEditorMouthSmile?: number;
            faceEditorMouthPositionHorizontal?: number;
            faceEditorMouthPositionVertical?: number;
            faceEditorHeadPitch?: number;
            faceEditorHeadYaw?: number;
            faceEditorHeadRoll?: number;
            expressionRestorerModel?: string;
            expressionRestorerFactor?: number;
            expressionRestorerAreas?: ("upper-face" | "lower-face")[];
            ageModifierModel?: string;
            ageModifierDirection?: number;
            lipSyncerModel?: string;
            lipSyncerWeight?: number;
            voiceExtractorModel?: string;
            frameColorizerModel?: string;
            /** @enum {string} */
            frameColorizerSize?: "192x192" | "256x256" | "384x384" | "512x512";
            frameColorizerBlend?: number;
            deepSwapperModel?: string;
            deepSwapperMorph?: number;
            faceDebuggerItems?: ("bounding-box" | "face-landmark-5" | "face-landmark-5/68" | "face-landmark-68" | "face-landmark-68/5" | "face-mesh" | "face-mask" | "track-id" | "score" | "age" | "gender")[];
            stylizerModel?: string;
            stylizerBlend?: number;
            faceMaskTypes?: ("box" | "occlusion" | "area" | "region")[];
            faceMaskAreas?: ("upper-face" | "lower-face" | "mouth")[];
            faceMaskRegions?: ("skin" | "left-eyebrow" | "right-eyebrow" | "left-eye" | "right-eye" | "glasses" | "nose" | "mouth" | "upper-lip" | "lower-lip")[];
            faceOccluderModel?: string;
            faceParserModel?: string;
            faceMaskBlur?: number;
            faceMaskPadding?: number[];
            /** @enum {string} */
            faceMaskQuality?: "fast" | "balanced" | "premium";
        };
        /** @description Pixels of the upright picture. */
        Region: {
            x0: number;
            y0: number;
            x1: number;
            y1: number;
        };
        Resources: {
            /** @description Of the machine that answers. */
            memory: {
                usedBytes: number;
                totalBytes: number;
            };
            /** @description GPUs of that machine whose memory can be read, which are those of NVIDIA. */
            gpus: {
                usedBytes: number;
                totalBytes: number;
                index: string;
                name: string;
            }[];
            storage: {
                /** @description Scratch folders of all workers. */
                temporary?: {
                    usedBytes: number;
                    freeBytes: number;
                    /** @description What must be free before anything is begun. */
                    neededBytes?: number;
                    /** @description Where least is free. */
                    folder?: string;
                };
                /** @description Of the machine that answers. */
                modelsBytes: number;
                /** @description Left out where media are in a bucket. */
                resultsBytes?: number;
                uploadsBytes?: number;
            };
        };
        /**
         * @description Options of a run, as in docs/options.md, in camelCase. All may be left out.
         * @example {
         *       "preset": "fast",
         *       "faceEnhancerBlend": 80
         *     }
         */
        RunOptions: {
            /** @description Model that swaps. `mesh` is built in: it draws the source face on the dense mesh of the target. Default: "mesh". */
            faceSwapperModel?: string;
            /** @description Size of the swapped crop, one to eight times the model's own: larger keeps more detail and takes longer. Not for `mesh`. */
            faceSwapperPixelBoost?: string;
            /** @description With `mesh`, how far the target's proportions move towards the source's (default 0.8). With other models, how far the identity moves from the target's to the source's and beyond (default 0.5). */
            faceSwapperWeight?: number;
            /** @description Model that restores faces. `esrgan` is built in: it sharpens the aligned face and keeps its own detail. Default: "esrgan". */
            faceEnhancerModel?: string;
            /** @description Share of the restored face in the result. Default: 80. */
            faceEnhancerBlend?: number;
            /** @description How faithful the model stays to what it sees, for models that have a weight (codeformer). Default: 0.5. */
            faceEnhancerWeight?: number;
            /** @description Model that enlarges the whole frame. `esrgan_x2`, `esrgan_x3`, `esrgan_x4` and `esrgan_x8` are built in. Default: "esrgan_x2". */
            frameEnhancerModel?: string;
            /** @description Share of the enlarged frame in the result. Default: 80. */
            frameEnhancerBlend?: number;
            /** @description Model that edits faces. `mesh` is built in: it moves the dense mesh; `live_portrait` stands for six published files. Default: "mesh". */
            faceEditorModel?: string;
            /** @description Brows: down or up. Default: 0. */
            faceEditorEyebrowDirection?: number;
            /** @description Gaze: to the picture's left or right. Default: 0. */
            faceEditorEyeGazeHorizontal?: number;
            /** @description Gaze: down or up. Default: 0. */
            faceEditorEyeGazeVertical?: number;
            /** @description Eyes: closed or wide open. Default: 0. */
            faceEditorEyeOpenRatio?: number;
            /** @description Lips: closed or open. Default: 0. */
            faceEditorLipOpenRatio?: number;
            /** @description Mouth: relaxed or grim. Default: 0. */
            faceEditorMouthGrim?: number;
            /** @description Mouth: drawn in or pouting. Default: 0. */
            faceEditorMouthPout?: number;
            /** @description Mouth: wide or pursed. Default: 0. */
            faceEditorMouthPurse?: number;
            /** @description Mouth: sad or smiling. Default: 0. */
            faceEditorMouthSmile?: number;
            /** @description Mouth: to the picture's left or right. Default: 0. */
            faceEditorMouthPositionHorizontal?: number;
            /** @description Mouth: down or up. Default: 0. */
            faceEditorMouthPositionVertical?: number;
            /** @description Head: down or up. Default: 0. */
            faceEditorHeadPitch?: number;
            /** @description Head: to the picture's left or right. Default: 0. */
            faceEditorHeadYaw?: number;
            /** @description Head: tilted left or right. Default: 0. */
            faceEditorHeadRoll?: number;
            /** @description Model that brings the target's expression back. `mesh` is built in; `live_portrait` stands for three published files. Default: "mesh". */
            expressionRestorerModel?: string;
            /** @description Share of the target's expression. Default: 80. */
            expressionRestorerFactor?: number;
            /** @description Areas whose expression is brought back. Default: ["upper-face","lower-face"]. */
            expressionRestorerAreas?: ("upper-face" | "lower-face")[];
            /** @description Model that makes a face younger or older. None is built in: add fran or styleganex_age. Default: "fran". */
            ageModifierModel?: string;
            /** @description Younger (below 0) or older (above): years for fran, percent for styleganex_age. Default: 0. */
            ageModifierDirection?: number;
            /** @description Model that moves the lips to the sound of a source. None is built in: add edtalk_256, wav2lip_96 or wav2lip_gan_96. Default: "wav2lip_gan_96". */
            lipSyncerModel?: string;
            /** @description How much of the sound the lips show: 0.5 is what the model was made for. Default: 0.5. */
            lipSyncerWeight?: number;
            /** @description Model that takes the voice out of music and noise before lips are moved to it. `none` takes the sound as it is. Default: "none". */
            voiceExtractorModel?: string;
            /** @description Model that colours black-and-white footage. None is built in: add ddcolor or deoldify. Default: "ddcolor". */
            frameColorizerModel?: string;
            /**
             * @description Size at which colours are found. Default: "256x256".
             * @enum {string}
             */
            frameColorizerSize?: "192x192" | "256x256" | "384x384" | "512x512";
            /** @description Share of the coloured frame in the result. Default: 100. */
            frameColorizerBlend?: number;
            /** @description Model that tells people from the background. `selfie_segmentation` is built in. Default: "selfie_segmentation". */
            backgroundRemoverModel?: string;
            /** @description Colour behind the people: red, green, blue, opacity. One value is a grey, two are red and blue alike, and green; without an opacity it is opaque. 0 0 0 0 leaves it transparent. Default: [0,0,0,0]. */
            backgroundRemoverFillColor?: number[];
            /** @description Colour of the light that the background throws on people, to be taken out; in the same form. 0 0 0 0 takes nothing out. Default: [0,0,0,0]. */
            backgroundRemoverDespillColor?: number[];
            /** @description A model of one person that you have trained and added: custom/NAME, a .dfm or .onnx file. None is built in, ever. */
            deepSwapperModel?: string;
            /** @description How far a model that can morph goes towards its person. Default: 100. */
            deepSwapperMorph?: number;
            /** @description What is drawn over the faces. 5/68 are the five points that the 68 give, 68/5 the 68 that five points alone suggest. Default: ["face-landmark-5/68","face-mask"]. */
            faceDebuggerItems?: ("bounding-box" | "face-landmark-5" | "face-landmark-5/68" | "face-landmark-68" | "face-landmark-68/5" | "face-mesh" | "face-mask" | "track-id" | "score" | "age" | "gender")[];
            /** @description Look of the whole frame. `sketch`, `cartoon` and `lut` (a film look from a .cube file) are built in; models of your own are added like `image_to_image`. Default: "cartoon". */
            stylizerModel?: string;
            /** @description Share of the stylized frame in the result. Default: 100. */
            stylizerBlend?: number;
            /**
             * @description Which faces of the target to work on: `many` all, `one` the first in order, `reference` those that look like the reference face. Default: "reference".
             * @enum {string}
             */
            faceSelectorMode?: "reference" | "one" | "many";
            /**
             * @description Order of the faces for `one` and for the reference face position. Default: "large-small".
             * @enum {string}
             */
            faceSelectorOrder?: "left-right" | "right-left" | "top-bottom" | "bottom-top" | "small-large" | "large-small" | "best-worst" | "worst-best";
            /**
             * @description Work on faces of this gender only.
             * @enum {string}
             */
            faceSelectorGender?: "female" | "male";
            /** @description Youngest age to work on. */
            faceSelectorAgeStart?: number;
            /** @description Oldest age to work on. */
            faceSelectorAgeEnd?: number;
            /** @description Position of the reference face among the faces of the reference frame, counted from 0 in selector order. Default: 0. */
            referenceFacePosition?: number;
            /** @description Frame of the target that shows the reference face. Default: 0. */
            referenceFrameNumber?: number;
            /** @description How unlike the reference a face may be: 0 nobody else, 1 everybody. Default: 0.3. */
            referenceFaceDistance?: number;
            /** @description Lowest score at which a detection counts as a face. Default: 0.5. */
            faceDetectorScore?: number;
            /** @description Model that finds faces. `mediapipe` is built in; `many` takes retinaface, scrfd and yolo_face together. Default: "mediapipe". */
            faceDetectorModel?: string;
            /** @description Turns at which faces are looked for. Default: upright, and the others where nobody stands upright. */
            faceDetectorAngles?: number[];
            /** @description Border that is added around the picture before faces are looked for, at top, right, bottom and left; not for `mediapipe`. Default: [0]. */
            faceDetectorMargin?: number[];
            /** @description Model that finds landmarks. `mesh` is built in; `many` takes 2dfan4 and peppa_wutz together. Default: "mesh". */
            faceLandmarkerModel?: string;
            /** @description Lowest score at which landmarks of such a model are used. Default: 0.5. */
            faceLandmarkerScore?: number;
            /** @description Model that tells people apart. `dlib` is built in. Default: "dlib". */
            faceRecognizerModel?: string;
            /** @description Model that estimates age and gender. `age_gender` is built in. Default: "age_gender". */
            faceClassifierModel?: string;
            /**
             * @description Pixels at which a video frame is searched thoroughly now and then: larger finds smaller faces and takes longer. Default: "384x384".
             * @enum {string}
             */
            faceDetectorSize?: "192x192" | "384x384" | "576x576";
            /** @description Frames of a video between two searches for new faces; cuts and lost faces are searched at once. Default: 15. */
            faceTrackerInterval?: number;
            /** @description How far the tremble of landmarks is taken out of a video: 0 leaves them as they are found. Default: 1. */
            faceTrackerSmoothing?: number;
            /** @description `box` feathers the border of the face; `occlusion` keeps hair, hands and objects in front; `area` limits to face-mask-areas; `region` to face-mask-regions. Default: ["box","occlusion"]. */
            faceMaskTypes?: ("box" | "occlusion" | "area" | "region")[];
            /** @description Areas of the face to work on, with face-mask-types area. Default: ["upper-face","lower-face","mouth"]. */
            faceMaskAreas?: ("upper-face" | "lower-face" | "mouth")[];
            /** @description Parts of the face to work on, with face-mask-types region. `mesh` knows no glasses; left is the left of the picture there. Default: ["skin","left-eyebrow","right-eyebrow","left-eye","right-eye","glasses","nose","mouth","upper-lip","lower-lip"]. */
            faceMaskRegions?: ("skin" | "left-eyebrow" | "right-eyebrow" | "left-eye" | "right-eye" | "glasses" | "nose" | "mouth" | "upper-lip" | "lower-lip")[];
            /** @description Model that finds what is in front of a face. `hands` is built in; `many` takes the smallest mask of xseg_1, xseg_2 and xseg_3. Default: "hands". */
            faceOccluderModel?: string;
            /** @description Model that tells the parts of a face. `mesh` is built in: it reads them off the dense mesh. Default: "mesh". */
            faceParserModel?: string;
            /** @description Width of the feather at the border, relative to the face. Default: 0.3. */
            faceMaskBlur?: number;
            /** @description Cut from the mask at top, right, bottom and left (CSS order). Default: [0]. */
            faceMaskPadding?: number[];
            /**
             * @description How often a video is searched for hands and objects before a face. Default: "balanced".
             * @enum {string}
             */
            faceMaskQuality?: "fast" | "balanced" | "premium";
            /** @description Id of the consent of the person whose face is put in: see `facefusion consent`. Where the policy asks for one and none is named, a valid one of that person is looked for. */
            consent?: string;
            /** @description Audit entry by which somebody has taken the duty to label the output themselves (see `facefusion label-duty`): the visible label of the policy is left off, and everything else stays. */
            labelDuty?: number;
            /** @description Models that look for sexual content. `nsfw_mobilenet_v2_mid` is built in and looks always; others are heard beside it, by the vote of more than half of them; `many` stands for nsfw_1, nsfw_2 and nsfw_3. Default: ["nsfw_mobilenet_v2_mid"]. */
            contentAnalyserModels?: string[];
            /** @description Size of the output photo relative to the target. Default: 1. */
            outputImageScale?: number;
            /** @description Quality of a lossy output photo. Default: 80. */
            outputImageQuality?: number;
            /**
             * @description Video encoder. Default: "libx264".
             * @enum {string}
             */
            outputVideoEncoder?: "libx264" | "libx264rgb" | "libx265" | "libvpx-vp9" | "h264_nvenc" | "hevc_nvenc" | "h264_amf" | "hevc_amf" | "h264_qsv" | "hevc_qsv" | "h264_videotoolbox" | "hevc_videotoolbox" | "rawvideo";
            /**
             * @description Encoder preset: faster or smaller. Default: "veryfast".
             * @enum {string}
             */
            outputVideoPreset?: "ultrafast" | "superfast" | "veryfast" | "faster" | "fast" | "medium" | "slow" | "slower" | "veryslow";
            /** @description Quality of the output video. Default: 80. */
            outputVideoQuality?: number;
            /** @description Size of the output video relative to the target. Default: 1. */
            outputVideoScale?: number;
            /** @description Frames a second of the output; frames are dropped or repeated in time, the sound stays. Default: the target's. */
            outputVideoFps?: number;
            /**
             * @description HDR targets: `tonemap` gives standard range that looks right everywhere, `keep` stays HDR with 10 bits. Default: "tonemap".
             * @enum {string}
             */
            hdr?: "tonemap" | "keep";
            /**
             * @description Audio encoder. Default: the sound is copied where the container takes it.
             * @enum {string}
             */
            outputAudioEncoder?: "flac" | "aac" | "libmp3lame" | "libopus" | "libvorbis" | "pcm_s16le" | "pcm_s32le";
            /** @description Quality of sound that is encoded anew. Default: 80. */
            outputAudioQuality?: number;
            /** @description Loudness of the audio; 0 drops it, 100 copies it unchanged. Default: 100. */
            outputAudioVolume?: number;
            /** @description First frame to process. */
            trimFrameStart?: number;
            /** @description Frame before which to stop. */
            trimFrameEnd?: number;
            /** @description A video is made in chunks of about so many frames, each kept when it is done; a crash costs at most one. Default: 100. */
            videoChunkSize?: number;
            /**
             * @description When no face of the target qualifies: end with TARGET_NO_FACE, or copy the target to the output. Default: "fail".
             * @enum {string}
             */
            onNoFace?: "fail" | "copy";
            /**
             * @description Models to use: `commercial` those whose licence lets you sell what they make, `any` all; every output records the choice. Default: "commercial".
             * @enum {string}
             */
            licensePolicy?: "commercial" | "any";
            /** @description Hardware to run models on, in order of preference; each must work here, and is tried first. `auto` takes the fastest that works. `facefusion doctor` lists what does. Default: ["cpu"]. */
            executionProviders?: ("cuda" | "tensorrt" | "openvino" | "coreml" | "directml" | "rocm" | "migraphx" | "qnn" | "webgpu" | "xnnpack" | "cpu" | "auto")[];
            /** @description Devices of a provider to run on, counted from 0; threads that work on faces take them in turn. Default: [0]. */
            executionDeviceIds?: number[];
            /** @description Values for many options at once: fast, balanced, premium, one of your own (`facefusion presets`) or a .json file. Options given beside it win. */
            preset?: string;
            /** @description Keep below 2 GB of memory, and below 4 GB of video memory: fewer threads, shorter look-ahead. Default: false. */
            lite?: boolean;
            /** @description Memory that the run may use with all its processes; 0 sets no limit. A video is made with fewer threads and a shorter look-ahead to keep it; what does not fit is refused. Default: 0. */
            systemMemoryLimit?: number;
            /** @description Threads that work on the frames of a video, and threads inside ONNX Runtime for a photo. Default: by the number of cores; 1 where there are two. */
            executionThreadCount?: number;
        };
        /** @description Why nothing is begun although the queue is not paused. */
        Stalled: {
            /** @enum {string} */
            code: "disk-full";
            message: string;
            hint: string;
            /** @description On the disk of temporary files. */
            freeBytes: number;
            /** @description What must be free there. */
            wantedBytes: number;
            /** @description Of the temporary files; for callers with the scope admin. */
            folder?: string;
        };
        Statement: {
            /** @description Number in the audit log. */
            entry: number;
            /** @description ISO 8601. */
            at: string;
        };
        StatementRequest: {
            /**
             * @description Id of a project.
             * @example project_1k3c8x0v2m4q7r9t2w5y8z
             */
            project: string;
            /**
             * @description `own-face`: only whoever asks is shown. `written-consent`: all who are shown have agreed in writing. `licensed`: the media come with a licence for this. `public-domain-or-synthetic`: nobody is shown who could agree.
             * @enum {string}
             */
            kind: "own-face" | "written-consent" | "licensed" | "public-domain-or-synthetic";
            /** @description Number of a release or a contract. Kept apart, so that it can be erased. */
            note?: string;
        };
        System: {
            version: string;
            /** @description Other machines share the queue. */
            isCluster: boolean;
            /** @description Of the machine that answers. */
            checks: {
                name: string;
                /** @enum {string} */
                status: "OK" | "WARN" | "FAIL";
                /** @description What was found, for pages with words of their own; of FAIL as in docs/errors.md. */
                code: string;
                message: string;
                fix?: string;
                /** @description Behind the message; names of sizes in bytes end with `Bytes`, lists have commas. */
                facts?: {
                    [key: string]: string | number;
                };
            }[];
            /** @description Execution providers that were tried on the machine that answers. */
            providers: {
                id: string;
                title: string;
                works: boolean;
                milliseconds?: number;
                reason?: string;
                howToGet?: string;
                /**
                 * @description Why it does not work, where more is known than what was said.
                 * @enum {string}
                 */
                fault?: "platform" | "not-built" | "library" | "ended";
                /** @description That is lacking, of `library`. */
                library?: string;
            }[];
            /** @description Looked at each time. */
            resources: components["schemas"]["Resources"];
            workers: {
                id: string;
                state: string;
                version: string;
                providers: string[];
                models: string[];
                memoryBytes: number;
                concurrency: number;
                /** @description Tasks in hand. */
                busy: number;
                seenAt: string;
            }[];
            queue: {
                lane: string;
                waiting: number;
                active: number;
                delayed: number;
                oldestSeconds: number;
            }[];
            isPaused: boolean;
        };
        Usage: {
            from: string;
            to: string;
            total: {
                /** @description Jobs that were accepted. */
                jobs: number;
                /** @description Of their targets. */
                videoSeconds: number;
                /** @description Of target photos. */
                megapixels: number;
                bytesUploaded: number;
                /** @description Of outputs. */
                bytesStored: number;
            };
            days: {
                day: string;
                /** @description Id of the key. */
                owner: string;
                /** @description Jobs that were accepted. */
                jobs: number;
                /** @description Of their targets. */
                videoSeconds: number;
                /** @description Of target photos. */
                megapixels: number;
                bytesUploaded: number;
                /** @description Of outputs. */
                bytesStored: number;
            }[];
        };
        Verdict: {
            /** @enum {string} */
            kind: "image" | "video";
            sha256: string;
            /** @description The invisible mark of this installation; absent where there is none. */
            mark?: {
                installation: string;
                job: string;
                /** @description Standard deviations of chance by which it stands out. */
                confidence: number;
                frame?: number;
            };
            couldReadMark: boolean;
            /** @description Content Credentials (C2PA). */
            credentials: {
                /** @enum {string} */
                state: "trusted" | "valid" | "invalid" | "none" | "unknown";
            } & {
                [key: string]: unknown;
            };
            /** @description The label AIGC of GB 45438-2025. */
            aigc?: {
                label: string;
                producer: string;
                produceId: string;
                isSignedHere: boolean;
            };
            /** @description Its metadata says that a machine altered it. */
            saysAltered: boolean;
            /** @description What the audit log has on it, newest first. */
            recorded: {
                entry: number;
                time: string;
                job: string;
                /** @description These very bytes. */
                isSame: boolean;
                processors: string[];
            }[];
        };
        VerifyRequest: {
            /**
             * @description Id of a photo or a video, wherever it comes from.
             * @example asset_1k3c8x0v2m4q7r9t2w5y8z
             */
            target: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listAssets: {
        parameters: {
            query?: {
                /** @description Entries of a page, at most 200. */
                limit?: number;
                /** @description `next` of the page before, as it came. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssetPage"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadAsset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description These bytes were there already. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
            /** @description Kept. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of an asset.
                 * @example asset_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
            /** @description As `If-None-Match` says. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of an asset.
                 * @example asset_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAssetContent: {
        parameters: {
            query?: {
                /** @description 1: to save, not to show. */
                download?: "0" | "1";
            };
            header?: never;
            path: {
                /**
                 * @description Id of an asset.
                 * @example asset_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The bytes of the range. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    headAssetContent: {
        parameters: {
            query?: {
                /** @description 1: to save, not to show. */
                download?: "0" | "1";
            };
            header?: never;
            path: {
                /**
                 * @description Id of an asset.
                 * @example asset_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The bytes of the range. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAssetFrame: {
        parameters: {
            query?: {
                /** @description In pixels; never wider than the upload. Default: as wide as it is. */
                width?: number;
            };
            header?: never;
            path: {
                /**
                 * @description Id of an asset.
                 * @example asset_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
                /** @description From 0, as in a preview. */
                frame: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            /** @description As `If-None-Match` says. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFilmstrip: {
        parameters: {
            query?: {
                /** @description Cells. */
                count?: number;
                /** @description In pixels. */
                height?: number;
            };
            header?: never;
            path: {
                /**
                 * @description Id of an asset.
                 * @example asset_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            /** @description As `If-None-Match` says. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importAsset: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A text of your own, up to 255 letters. The same key with the same request gets the first answer again; with another request it is IDEMPOTENCY_CONFLICT.
                 * @example order-4711
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportRequest"];
            };
        };
        responses: {
            /** @description These bytes were there already. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
            /** @description Kept. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    presignAsset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PresignRequest"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PresignedUpload"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    completeAsset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of the upload.
                 * @example upload_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description These bytes were there already. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
            /** @description Kept. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Asset"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUpload: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1.0.0
                 * @example 1.0.0
                 */
                "tus-resumable"?: string;
                /** @description Bytes of the file. */
                "upload-length"?: string;
                /** @description `filename` and its base64. */
                "upload-metadata"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun; finished where `Upload-Asset` is set. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteUpload: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1.0.0
                 * @example 1.0.0
                 */
                "tus-resumable"?: string;
            };
            path: {
                /**
                 * @description Id of an upload.
                 * @example upload_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing of it is kept. An asset that it has become stays. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "getUpload-head": {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1.0.0
                 * @example 1.0.0
                 */
                "tus-resumable"?: string;
            };
            path: {
                /**
                 * @description Id of an upload.
                 * @example upload_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `Upload-Offset`, and `Upload-Asset` when it is finished. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    continueUpload: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description 1.0.0
                 * @example 1.0.0
                 */
                "tus-resumable"?: string;
                /** @description Where these bytes begin. */
                "upload-offset"?: string;
            };
            path: {
                /**
                 * @description Id of an upload.
                 * @example upload_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `Upload-Offset` is how far it has come; `Upload-Asset` the id when it is finished. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: {
                /** @description Entries of a page, at most 200. */
                limit?: number;
                /** @description `next` of the page before, as it came. */
                cursor?: string;
                /** @description Any of these, with commas: drafted, queued, running, completed, failed, cancelled. */
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobPage"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createJob: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A text of your own, up to 255 letters. The same key with the same request gets the first answer again; with another request it is IDEMPOTENCY_CONFLICT.
                 * @example order-4711
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobRequest"];
            };
        };
        responses: {
            /** @description The same work was asked for before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description Created. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of a job.
                 * @example job_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description As `If-None-Match` says. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of a job.
                 * @example job_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of a job.
                 * @example job_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of a job.
                 * @example job_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    keepJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of a job.
                 * @example job_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watchJob: {
        parameters: {
            query?: {
                /** @description As `Last-Event-ID`, which wins. */
                after?: number;
            };
            header?: {
                "last-event-id"?: string;
            };
            path: {
                /**
                 * @description Id of a job.
                 * @example job_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watchJobs: {
        parameters: {
            query?: never;
            header?: {
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getQueue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseQueue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeQueue: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    moveJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of a job.
                 * @example job_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    estimateJob: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EstimateRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Estimates"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOutputs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of a job.
                 * @example job_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobOutputs"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOutput: {
        parameters: {
            query?: {
                /** @description 1: to save, not to show. */
                download?: "0" | "1";
                /** @description 1: where the storage can be reached by the caller, 302 to an address there, good for five minutes. */
                redirect?: "0" | "1";
            };
            header?: never;
            path: {
                /**
                 * @description Id of a job.
                 * @example job_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
                /** @description Name of the output; may have folders in it. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The bytes of the range. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description `location` is where the bytes are. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description As `If-None-Match` says. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    headOutput: {
        parameters: {
            query?: {
                /** @description 1: to save, not to show. */
                download?: "0" | "1";
                /** @description 1: where the storage can be reached by the caller, 302 to an address there, good for five minutes. */
                redirect?: "0" | "1";
            };
            header?: never;
            path: {
                /**
                 * @description Id of a job.
                 * @example job_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
                /** @description Name of the output; may have folders in it. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The bytes of the range. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description `location` is where the bytes are. */
            302: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description As `If-None-Match` says. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLatestFrame: {
        parameters: {
            query?: {
                /** @description Anything, so that caches ask again. */
                at?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Id of a job.
                 * @example job_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            /** @description The bytes of the range. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            /** @description As `If-None-Match` says. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    headLatestFrame: {
        parameters: {
            query?: {
                /** @description Anything, so that caches ask again. */
                at?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Id of a job.
                 * @example job_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            /** @description The bytes of the range. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            /** @description As `If-None-Match` says. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJobLog: {
        parameters: {
            query?: {
                /** @description Number of the last entry that you have. */
                after?: number;
            };
            header?: never;
            path: {
                /**
                 * @description Id of a job.
                 * @example job_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobLog"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listProjects: {
        parameters: {
            query?: {
                /** @description Entries of a page, at most 200. */
                limit?: number;
                /** @description `next` of the page before, as it came. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectPage"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createProject: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A text of your own, up to 255 letters. The same key with the same request gets the first answer again; with another request it is IDEMPOTENCY_CONFLICT.
                 * @example order-4711
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectRequest"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of a project.
                 * @example project_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description As `If-None-Match` says. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeProject: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string;
            };
            path: {
                /**
                 * @description Id of a project.
                 * @example project_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of a project.
                 * @example project_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    duplicateProject: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description A text of your own, up to 255 letters. The same key with the same request gets the first answer again; with another request it is IDEMPOTENCY_CONFLICT.
                 * @example order-4711
                 */
                "idempotency-key"?: string;
            };
            path: {
                /**
                 * @description Id of a project.
                 * @example project_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DuplicateRequest"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stateConsent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatementRequest"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statement"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listConsents: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Consents"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCallbacks: {
        parameters: {
            query?: {
                /** @description Entries of a page, at most 200. */
                limit?: number;
                /** @description `next` of the page before, as it came. */
                cursor?: string;
                /** @description `dead`: those that were given up. */
                state?: "waiting" | "delivered" | "dead";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackPage"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replayCallback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of a callback.
                 * @example callback_1k3c8x0v2m4q7r9t2w5y8z_1_completed
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Callback"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCallbackSecret: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackSecret"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateCallbackSecret: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackSecret"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    findFaces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FacesRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faces"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    findPeople: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PeopleRequest"];
            };
        };
        responses: {
            /** @description Who is seen. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["People"];
                    "text/event-stream": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    makePreview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewRequest"];
            };
        };
        responses: {
            /** @description The frame. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                    "image/png": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of an answer.
                 * @example preview_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
                /** @description As in the `pictureUrl` of the answer. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description The bytes of the range. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    headPicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id of an answer.
                 * @example preview_1k3c8x0v2m4q7r9t2w5y8z
                 */
                id: string;
                /** @description As in the `pictureUrl` of the answer. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description The bytes of the range. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/png": string;
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LiveRequest"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveSession"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPresets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Presets"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listProcessors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Processors"];
                };
            };
            /** @description As `If-None-Match` says. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: {
                /** @description Only those of a task: `face-swapper`. */
                task?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Models"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addModel: {
        parameters: {
            query: {
                /** @description Of the catalogue, or `custom/NAME` for a model that is not in it. */
                id: string;
                /** @description Of a model of your own: the one of the catalogue whose inputs and outputs it has. */
                like?: string;
                /** @description Of a model of your own: its licence by SPDX id, or `own`. Default: not stated. */
                licence?: string;
                /** @description Keeps a file that is not the published one; every list and result says so. */
                unverified?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AddedModel"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description Id of a job; with the scope admin also eight digits as the invisible mark says them. */
                job?: string;
                kind?: "log.created" | "log.recovered" | "run.begun" | "run.refused" | "run.failed" | "chunk.made" | "output.published" | "live.ended" | "consent.added" | "consent.revoked" | "consent.stated" | "blocklist.added" | "blocklist.removed" | "label.duty" | "keys.changed" | "api.call" | "api.key" | "personal.erased";
                /**
                 * @description Entries from then on.
                 * @example 2026-11-29
                 */
                since?: string;
                /** @description The newest so many. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntries"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUsage: {
        parameters: {
            query?: {
                /**
                 * @description First day, by UTC. Default: 30 days ago.
                 * @example 2026-11-29
                 */
                from?: string;
                /**
                 * @description Last day. Default: today.
                 * @example 2026-11-29
                 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSystem: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    clearTemporaryFiles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClearedFiles"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Caller"];
                };
            };
            /** @description An error. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
