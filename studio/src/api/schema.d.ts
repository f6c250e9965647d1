// Made by scripts/gen-api.mjs from the server's OpenAPI; change the server, not this file.

export interface paths {
    "/api/v1/login-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a one-time link */
        post: operations["post_login_links"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs:validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check a job without submitting it */
        post: operations["post_workspaces_ws_jobs_validate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say what a job waits for, or why it ended */
        get: operations["get_workspaces_ws_jobs_name_why"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a job */
        post: operations["post_workspaces_ws_jobs_name_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List a job's logs */
        get: operations["get_workspaces_ws_jobs_name_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/logs/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read or follow a log */
        get: operations["get_workspaces_ws_jobs_name_logs_path_path"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List a job's artifacts and outputs */
        get: operations["get_workspaces_ws_jobs_name_files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one of a job's files */
        get: operations["get_workspaces_ws_jobs_name_files_path_path"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the services of a job */
        get: operations["get_workspaces_ws_jobs_name_services"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/services/{service}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reach a service of a running job */
        get: operations["get_workspaces_ws_jobs_name_services_service"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/services/{service}/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reach a service of a running job */
        get: operations["get_workspaces_ws_jobs_name_services_service_path_path"];
        /** Reach a service of a running job */
        put: operations["put_workspaces_ws_jobs_name_services_service_path_path"];
        /** Reach a service of a running job */
        post: operations["post_workspaces_ws_jobs_name_services_service_path_path"];
        /** Reach a service of a running job */
        delete: operations["delete_workspaces_ws_jobs_name_services_service_path_path"];
        options?: never;
        head?: never;
        /** Reach a service of a running job */
        patch: operations["patch_workspaces_ws_jobs_name_services_service_path_path"];
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs:plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell which steps of a pipeline would run */
        post: operations["post_workspaces_ws_jobs_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a pipeline that did not complete */
        post: operations["post_workspaces_ws_jobs_name_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decide a step that waits for approval */
        post: operations["post_workspaces_ws_jobs_name_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lay out a job's command to be run by hand */
        post: operations["post_workspaces_ws_jobs_name_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/online-endpoints/{name}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show an endpoint's keys */
        post: operations["post_workspaces_ws_online_endpoints_name_keys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/online-endpoints/{name}/keys/regenerate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replace a key */
        post: operations["post_workspaces_ws_online_endpoints_name_keys_regenerate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/online-endpoints/{name}/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a token */
        post: operations["post_workspaces_ws_online_endpoints_name_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/online-endpoints/{name}/deployments/{deployment}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a deployment's log */
        get: operations["get_workspaces_ws_online_endpoints_name_deployments_deployment_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/computes/{name}/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the nodes of a compute */
        get: operations["get_workspaces_ws_computes_name_nodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/compute-sizes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List sizes of nodes */
        get: operations["get_workspaces_ws_compute_sizes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/compute-usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show used nodes and quotas */
        get: operations["get_workspaces_ws_compute_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/computes/{name}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a compute */
        post: operations["post_workspaces_ws_computes_name_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/computes/{name}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a compute */
        post: operations["post_workspaces_ws_computes_name_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/computes/{name}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restart a compute */
        post: operations["post_workspaces_ws_computes_name_restart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/schedules/{name}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enable a schedule */
        post: operations["post_workspaces_ws_schedules_name_enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/schedules/{name}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Disable a schedule */
        post: operations["post_workspaces_ws_schedules_name_disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/schedules/{name}/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start what a schedule starts, now */
        post: operations["post_workspaces_ws_schedules_name_trigger"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/schedules/{name}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what a schedule started and left out */
        get: operations["get_workspaces_ws_schedules_name_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/connections/{name}/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show a connection with its secrets */
        post: operations["post_workspaces_ws_connections_name_secrets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the secrets a job was granted */
        get: operations["get_workspaces_ws_jobs_name_secrets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/secrets/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a secret that a job was granted */
        get: operations["get_workspaces_ws_jobs_name_secrets_key"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/datastores/{name}/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show a datastore with its secrets */
        post: operations["post_workspaces_ws_datastores_name_secrets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/datastores/{name}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try to open a datastore */
        post: operations["post_workspaces_ws_datastores_name_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List codes in a registry */
        get: operations["get_registries_registry_codes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/codes/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a code in a registry */
        get: operations["get_registries_registry_codes_name"];
        put?: never;
        post?: never;
        /** Delete a code in a registry */
        delete: operations["delete_registries_registry_codes_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/codes/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a code in a registry */
        get: operations["get_registries_registry_codes_name_versions"];
        put?: never;
        /** Create a code's next version in a registry */
        post: operations["post_registries_registry_codes_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/codes/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled code in a registry */
        get: operations["get_registries_registry_codes_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/codes/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a code in a registry */
        get: operations["get_registries_registry_codes_name_versions_version"];
        /** Create a version of a code in a registry */
        put: operations["put_registries_registry_codes_name_versions_version"];
        post?: never;
        /** Delete a version of a code in a registry */
        delete: operations["delete_registries_registry_codes_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/components": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List components in a registry */
        get: operations["get_registries_registry_components"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/components/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a component in a registry */
        get: operations["get_registries_registry_components_name"];
        put?: never;
        post?: never;
        /** Delete a component in a registry */
        delete: operations["delete_registries_registry_components_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/components/{name}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a component in a registry */
        post: operations["post_registries_registry_components_name_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/components/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a component in a registry */
        post: operations["post_registries_registry_components_name_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/components/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a component in a registry */
        get: operations["get_registries_registry_components_name_versions"];
        put?: never;
        /** Create a component's next version in a registry */
        post: operations["post_registries_registry_components_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/components/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled component in a registry */
        get: operations["get_registries_registry_components_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/components/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a component in a registry */
        get: operations["get_registries_registry_components_name_versions_version"];
        /** Create a version of a component in a registry */
        put: operations["put_registries_registry_components_name_versions_version"];
        post?: never;
        /** Delete a version of a component in a registry */
        delete: operations["delete_registries_registry_components_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/components/{name}/versions/{version}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a version of a component in a registry */
        post: operations["post_registries_registry_components_name_versions_version_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/components/{name}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a version of a component in a registry */
        post: operations["post_registries_registry_components_name_versions_version_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List datas in a registry */
        get: operations["get_registries_registry_data"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/data/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a data in a registry */
        get: operations["get_registries_registry_data_name"];
        put?: never;
        post?: never;
        /** Delete a data in a registry */
        delete: operations["delete_registries_registry_data_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/data/{name}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a data in a registry */
        post: operations["post_registries_registry_data_name_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/data/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a data in a registry */
        post: operations["post_registries_registry_data_name_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/data/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a data in a registry */
        get: operations["get_registries_registry_data_name_versions"];
        put?: never;
        /** Create a data's next version in a registry */
        post: operations["post_registries_registry_data_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/data/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled data in a registry */
        get: operations["get_registries_registry_data_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/data/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a data in a registry */
        get: operations["get_registries_registry_data_name_versions_version"];
        /** Create a version of a data in a registry */
        put: operations["put_registries_registry_data_name_versions_version"];
        post?: never;
        /** Delete a version of a data in a registry */
        delete: operations["delete_registries_registry_data_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/data/{name}/versions/{version}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a version of a data in a registry */
        post: operations["post_registries_registry_data_name_versions_version_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/data/{name}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a version of a data in a registry */
        post: operations["post_registries_registry_data_name_versions_version_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List environments in a registry */
        get: operations["get_registries_registry_environments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/environments/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a environment in a registry */
        get: operations["get_registries_registry_environments_name"];
        put?: never;
        post?: never;
        /** Delete a environment in a registry */
        delete: operations["delete_registries_registry_environments_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/environments/{name}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a environment in a registry */
        post: operations["post_registries_registry_environments_name_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/environments/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a environment in a registry */
        post: operations["post_registries_registry_environments_name_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/environments/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a environment in a registry */
        get: operations["get_registries_registry_environments_name_versions"];
        put?: never;
        /** Create a environment's next version in a registry */
        post: operations["post_registries_registry_environments_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/environments/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled environment in a registry */
        get: operations["get_registries_registry_environments_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/environments/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a environment in a registry */
        get: operations["get_registries_registry_environments_name_versions_version"];
        /** Create a version of a environment in a registry */
        put: operations["put_registries_registry_environments_name_versions_version"];
        post?: never;
        /** Delete a version of a environment in a registry */
        delete: operations["delete_registries_registry_environments_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/environments/{name}/versions/{version}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a version of a environment in a registry */
        post: operations["post_registries_registry_environments_name_versions_version_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/environments/{name}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a version of a environment in a registry */
        post: operations["post_registries_registry_environments_name_versions_version_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/feature-sets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List feature-sets in a registry */
        get: operations["get_registries_registry_feature_sets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/feature-sets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a feature-set in a registry */
        get: operations["get_registries_registry_feature_sets_name"];
        put?: never;
        post?: never;
        /** Delete a feature-set in a registry */
        delete: operations["delete_registries_registry_feature_sets_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/feature-sets/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a feature-set in a registry */
        get: operations["get_registries_registry_feature_sets_name_versions"];
        put?: never;
        /** Create a feature-set's next version in a registry */
        post: operations["post_registries_registry_feature_sets_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/feature-sets/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled feature-set in a registry */
        get: operations["get_registries_registry_feature_sets_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/feature-sets/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a feature-set in a registry */
        get: operations["get_registries_registry_feature_sets_name_versions_version"];
        /** Create a version of a feature-set in a registry */
        put: operations["put_registries_registry_feature_sets_name_versions_version"];
        post?: never;
        /** Delete a version of a feature-set in a registry */
        delete: operations["delete_registries_registry_feature_sets_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/feature-store-entities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List feature-store-entitys in a registry */
        get: operations["get_registries_registry_feature_store_entities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/feature-store-entities/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a feature-store-entity in a registry */
        get: operations["get_registries_registry_feature_store_entities_name"];
        put?: never;
        post?: never;
        /** Delete a feature-store-entity in a registry */
        delete: operations["delete_registries_registry_feature_store_entities_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/feature-store-entities/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a feature-store-entity in a registry */
        get: operations["get_registries_registry_feature_store_entities_name_versions"];
        put?: never;
        /** Create a feature-store-entity's next version in a registry */
        post: operations["post_registries_registry_feature_store_entities_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/feature-store-entities/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled feature-store-entity in a registry */
        get: operations["get_registries_registry_feature_store_entities_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/feature-store-entities/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a feature-store-entity in a registry */
        get: operations["get_registries_registry_feature_store_entities_name_versions_version"];
        /** Create a version of a feature-store-entity in a registry */
        put: operations["put_registries_registry_feature_store_entities_name_versions_version"];
        post?: never;
        /** Delete a version of a feature-store-entity in a registry */
        delete: operations["delete_registries_registry_feature_store_entities_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List models in a registry */
        get: operations["get_registries_registry_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a model in a registry */
        get: operations["get_registries_registry_models_name"];
        put?: never;
        post?: never;
        /** Delete a model in a registry */
        delete: operations["delete_registries_registry_models_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/models/{name}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a model in a registry */
        post: operations["post_registries_registry_models_name_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/models/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a model in a registry */
        post: operations["post_registries_registry_models_name_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/models/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a model in a registry */
        get: operations["get_registries_registry_models_name_versions"];
        put?: never;
        /** Create a model's next version in a registry */
        post: operations["post_registries_registry_models_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/models/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled model in a registry */
        get: operations["get_registries_registry_models_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/models/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a model in a registry */
        get: operations["get_registries_registry_models_name_versions_version"];
        /** Create a version of a model in a registry */
        put: operations["put_registries_registry_models_name_versions_version"];
        post?: never;
        /** Delete a version of a model in a registry */
        delete: operations["delete_registries_registry_models_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/models/{name}/versions/{version}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a version of a model in a registry */
        post: operations["post_registries_registry_models_name_versions_version_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/models/{name}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a version of a model in a registry */
        post: operations["post_registries_registry_models_name_versions_version_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Copy an asset into a registry */
        post: operations["post_registries_registry_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Copy an asset into a workspace */
        post: operations["post_workspaces_ws_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}/versions/{version}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the first rows of data */
        get: operations["get_workspaces_ws_data_name_versions_version_preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}/versions/{version}/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show every column of data in numbers */
        get: operations["get_workspaces_ws_data_name_versions_version_profile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}/versions/{version}/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show how data meets its expectations */
        get: operations["get_workspaces_ws_data_name_versions_version_verification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}/versions/{version}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hold data against its expectations */
        post: operations["post_workspaces_ws_data_name_versions_version_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/environments:inspect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show what an environment is made of */
        post: operations["post_workspaces_ws_environments_inspect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/environments:diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compare two environments by package */
        post: operations["post_workspaces_ws_environments_diff"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/environments:lock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show the lock of an environment, built if need be */
        post: operations["post_workspaces_ws_environments_lock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/environments:forget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a failed environment be tried again */
        post: operations["post_workspaces_ws_environments_forget"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}/versions/{version}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the files of a data */
        get: operations["get_workspaces_ws_data_name_versions_version_files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}/versions/{version}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a file of a data */
        get: operations["get_workspaces_ws_data_name_versions_version_files_path_path"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/data/{name}/versions/{version}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the files of a data in a registry */
        get: operations["get_registries_registry_data_name_versions_version_files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/data/{name}/versions/{version}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a file of a data in a registry */
        get: operations["get_registries_registry_data_name_versions_version_files_path_path"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/models/{name}/versions/{version}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the files of a model */
        get: operations["get_workspaces_ws_models_name_versions_version_files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/models/{name}/versions/{version}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a file of a model */
        get: operations["get_workspaces_ws_models_name_versions_version_files_path_path"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/models/{name}/versions/{version}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the files of a model in a registry */
        get: operations["get_registries_registry_models_name_versions_version_files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/models/{name}/versions/{version}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a file of a model in a registry */
        get: operations["get_registries_registry_models_name_versions_version_files_path_path"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin an upload: what is missing? */
        post: operations["post_workspaces_ws_uploads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/uploads/{id}/pack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Send missing content */
        put: operations["put_workspaces_ws_uploads_id_pack"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/uploads/{id}/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Finish an upload */
        post: operations["post_workspaces_ws_uploads_id_commit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin an upload: what is missing? */
        post: operations["post_registries_registry_uploads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/uploads/{id}/pack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Send missing content */
        put: operations["put_registries_registry_uploads_id_pack"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{registry}/uploads/{id}/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Finish an upload */
        post: operations["post_registries_registry_uploads_id_commit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/locate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find what an azureml:// URI leads to */
        get: operations["get_workspaces_ws_locate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/datastores/{name}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List files of a datastore */
        get: operations["get_workspaces_ws_datastores_name_files"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/datastores/{name}/files/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a file of a datastore */
        get: operations["get_workspaces_ws_datastores_name_files_path_path"];
        /** Write a file of a datastore */
        put: operations["put_workspaces_ws_datastores_name_files_path_path"];
        post?: never;
        /** Delete a file of a datastore */
        delete: operations["delete_workspaces_ws_datastores_name_files_path_path"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follow what happens in a workspace */
        get: operations["get_workspaces_ws_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/batch-endpoints/{parent}/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List batch-deployments */
        get: operations["get_workspaces_ws_batch_endpoints_parent_deployments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/batch-endpoints/{parent}/deployments/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a batch-deployment */
        get: operations["get_workspaces_ws_batch_endpoints_parent_deployments_name"];
        /** Create or update a batch-deployment */
        put: operations["put_workspaces_ws_batch_endpoints_parent_deployments_name"];
        post?: never;
        /** Delete a batch-deployment */
        delete: operations["delete_workspaces_ws_batch_endpoints_parent_deployments_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/batch-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List batch-endpoints */
        get: operations["get_workspaces_ws_batch_endpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/batch-endpoints/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a batch-endpoint */
        get: operations["get_workspaces_ws_batch_endpoints_name"];
        /** Create or update a batch-endpoint */
        put: operations["put_workspaces_ws_batch_endpoints_name"];
        post?: never;
        /** Delete a batch-endpoint */
        delete: operations["delete_workspaces_ws_batch_endpoints_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List codes */
        get: operations["get_workspaces_ws_codes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/codes/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a code */
        get: operations["get_workspaces_ws_codes_name"];
        put?: never;
        post?: never;
        /** Delete a code */
        delete: operations["delete_workspaces_ws_codes_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/codes/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a code */
        get: operations["get_workspaces_ws_codes_name_versions"];
        put?: never;
        /** Create a code's next version */
        post: operations["post_workspaces_ws_codes_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/codes/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled code */
        get: operations["get_workspaces_ws_codes_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/codes/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a code */
        get: operations["get_workspaces_ws_codes_name_versions_version"];
        /** Create a version of a code */
        put: operations["put_workspaces_ws_codes_name_versions_version"];
        post?: never;
        /** Delete a version of a code */
        delete: operations["delete_workspaces_ws_codes_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/components": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List components */
        get: operations["get_workspaces_ws_components"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/components/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a component */
        get: operations["get_workspaces_ws_components_name"];
        put?: never;
        post?: never;
        /** Delete a component */
        delete: operations["delete_workspaces_ws_components_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/components/{name}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a component */
        post: operations["post_workspaces_ws_components_name_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/components/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a component */
        post: operations["post_workspaces_ws_components_name_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/components/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a component */
        get: operations["get_workspaces_ws_components_name_versions"];
        put?: never;
        /** Create a component's next version */
        post: operations["post_workspaces_ws_components_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/components/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled component */
        get: operations["get_workspaces_ws_components_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/components/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a component */
        get: operations["get_workspaces_ws_components_name_versions_version"];
        /** Create a version of a component */
        put: operations["put_workspaces_ws_components_name_versions_version"];
        post?: never;
        /** Delete a version of a component */
        delete: operations["delete_workspaces_ws_components_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/components/{name}/versions/{version}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a version of a component */
        post: operations["post_workspaces_ws_components_name_versions_version_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/components/{name}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a version of a component */
        post: operations["post_workspaces_ws_components_name_versions_version_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/computes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List computes */
        get: operations["get_workspaces_ws_computes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/computes/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a compute */
        get: operations["get_workspaces_ws_computes_name"];
        /** Create or update a compute */
        put: operations["put_workspaces_ws_computes_name"];
        post?: never;
        /** Delete a compute */
        delete: operations["delete_workspaces_ws_computes_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List connections */
        get: operations["get_workspaces_ws_connections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/connections/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a connection */
        get: operations["get_workspaces_ws_connections_name"];
        /** Create or update a connection */
        put: operations["put_workspaces_ws_connections_name"];
        post?: never;
        /** Delete a connection */
        delete: operations["delete_workspaces_ws_connections_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List datas */
        get: operations["get_workspaces_ws_data"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a data */
        get: operations["get_workspaces_ws_data_name"];
        put?: never;
        post?: never;
        /** Delete a data */
        delete: operations["delete_workspaces_ws_data_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a data */
        post: operations["post_workspaces_ws_data_name_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a data */
        post: operations["post_workspaces_ws_data_name_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a data */
        get: operations["get_workspaces_ws_data_name_versions"];
        put?: never;
        /** Create a data's next version */
        post: operations["post_workspaces_ws_data_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled data */
        get: operations["get_workspaces_ws_data_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a data */
        get: operations["get_workspaces_ws_data_name_versions_version"];
        /** Create a version of a data */
        put: operations["put_workspaces_ws_data_name_versions_version"];
        post?: never;
        /** Delete a version of a data */
        delete: operations["delete_workspaces_ws_data_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}/versions/{version}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a version of a data */
        post: operations["post_workspaces_ws_data_name_versions_version_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data/{name}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a version of a data */
        post: operations["post_workspaces_ws_data_name_versions_version_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data-imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List data-imports */
        get: operations["get_workspaces_ws_data_imports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/data-imports/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a data-import */
        get: operations["get_workspaces_ws_data_imports_name"];
        /** Create or update a data-import */
        put: operations["put_workspaces_ws_data_imports_name"];
        post?: never;
        /** Delete a data-import */
        delete: operations["delete_workspaces_ws_data_imports_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/datastores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List datastores */
        get: operations["get_workspaces_ws_datastores"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/datastores/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a datastore */
        get: operations["get_workspaces_ws_datastores_name"];
        /** Create or update a datastore */
        put: operations["put_workspaces_ws_datastores_name"];
        post?: never;
        /** Delete a datastore */
        delete: operations["delete_workspaces_ws_datastores_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/environments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List environments */
        get: operations["get_workspaces_ws_environments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/environments/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a environment */
        get: operations["get_workspaces_ws_environments_name"];
        put?: never;
        post?: never;
        /** Delete a environment */
        delete: operations["delete_workspaces_ws_environments_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/environments/{name}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a environment */
        post: operations["post_workspaces_ws_environments_name_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/environments/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a environment */
        post: operations["post_workspaces_ws_environments_name_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/environments/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a environment */
        get: operations["get_workspaces_ws_environments_name_versions"];
        put?: never;
        /** Create a environment's next version */
        post: operations["post_workspaces_ws_environments_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/environments/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled environment */
        get: operations["get_workspaces_ws_environments_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/environments/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a environment */
        get: operations["get_workspaces_ws_environments_name_versions_version"];
        /** Create a version of a environment */
        put: operations["put_workspaces_ws_environments_name_versions_version"];
        post?: never;
        /** Delete a version of a environment */
        delete: operations["delete_workspaces_ws_environments_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/environments/{name}/versions/{version}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a version of a environment */
        post: operations["post_workspaces_ws_environments_name_versions_version_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/environments/{name}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a version of a environment */
        post: operations["post_workspaces_ws_environments_name_versions_version_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/feature-sets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List feature-sets */
        get: operations["get_workspaces_ws_feature_sets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/feature-sets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a feature-set */
        get: operations["get_workspaces_ws_feature_sets_name"];
        put?: never;
        post?: never;
        /** Delete a feature-set */
        delete: operations["delete_workspaces_ws_feature_sets_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/feature-sets/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a feature-set */
        get: operations["get_workspaces_ws_feature_sets_name_versions"];
        put?: never;
        /** Create a feature-set's next version */
        post: operations["post_workspaces_ws_feature_sets_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/feature-sets/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled feature-set */
        get: operations["get_workspaces_ws_feature_sets_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/feature-sets/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a feature-set */
        get: operations["get_workspaces_ws_feature_sets_name_versions_version"];
        /** Create a version of a feature-set */
        put: operations["put_workspaces_ws_feature_sets_name_versions_version"];
        post?: never;
        /** Delete a version of a feature-set */
        delete: operations["delete_workspaces_ws_feature_sets_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/feature-store-entities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List feature-store-entitys */
        get: operations["get_workspaces_ws_feature_store_entities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/feature-store-entities/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a feature-store-entity */
        get: operations["get_workspaces_ws_feature_store_entities_name"];
        put?: never;
        post?: never;
        /** Delete a feature-store-entity */
        delete: operations["delete_workspaces_ws_feature_store_entities_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/feature-store-entities/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a feature-store-entity */
        get: operations["get_workspaces_ws_feature_store_entities_name_versions"];
        put?: never;
        /** Create a feature-store-entity's next version */
        post: operations["post_workspaces_ws_feature_store_entities_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/feature-store-entities/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled feature-store-entity */
        get: operations["get_workspaces_ws_feature_store_entities_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/feature-store-entities/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a feature-store-entity */
        get: operations["get_workspaces_ws_feature_store_entities_name_versions_version"];
        /** Create a version of a feature-store-entity */
        put: operations["put_workspaces_ws_feature_store_entities_name_versions_version"];
        post?: never;
        /** Delete a version of a feature-store-entity */
        delete: operations["delete_workspaces_ws_feature_store_entities_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/flows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List flows */
        get: operations["get_workspaces_ws_flows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/flows/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a flow */
        get: operations["get_workspaces_ws_flows_name"];
        /** Create or update a flow */
        put: operations["put_workspaces_ws_flows_name"];
        post?: never;
        /** Delete a flow */
        delete: operations["delete_workspaces_ws_flows_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/flow-runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List flow-runs */
        get: operations["get_workspaces_ws_flow_runs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/flow-runs/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a flow-run */
        get: operations["get_workspaces_ws_flow_runs_name"];
        /** Create or update a flow-run */
        put: operations["put_workspaces_ws_flow_runs_name"];
        post?: never;
        /** Delete a flow-run */
        delete: operations["delete_workspaces_ws_flow_runs_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List jobs */
        get: operations["get_workspaces_ws_jobs"];
        put?: never;
        /** Create a job; the server names it */
        post: operations["post_workspaces_ws_jobs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a job, at its end with wait_for=final */
        get: operations["get_workspaces_ws_jobs_name"];
        /** Create or update a job */
        put: operations["put_workspaces_ws_jobs_name"];
        post?: never;
        /** Delete a job */
        delete: operations["delete_workspaces_ws_jobs_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a job */
        post: operations["post_workspaces_ws_jobs_name_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/jobs/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a job */
        post: operations["post_workspaces_ws_jobs_name_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List models */
        get: operations["get_workspaces_ws_models"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a model */
        get: operations["get_workspaces_ws_models_name"];
        put?: never;
        post?: never;
        /** Delete a model */
        delete: operations["delete_workspaces_ws_models_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/models/{name}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a model */
        post: operations["post_workspaces_ws_models_name_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/models/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a model */
        post: operations["post_workspaces_ws_models_name_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/models/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a model */
        get: operations["get_workspaces_ws_models_name_versions"];
        put?: never;
        /** Create a model's next version */
        post: operations["post_workspaces_ws_models_name_versions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/models/{name}/labels/{label}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a labelled model */
        get: operations["get_workspaces_ws_models_name_labels_label"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/models/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a version of a model */
        get: operations["get_workspaces_ws_models_name_versions_version"];
        /** Create a version of a model */
        put: operations["put_workspaces_ws_models_name_versions_version"];
        post?: never;
        /** Delete a version of a model */
        delete: operations["delete_workspaces_ws_models_name_versions_version"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/models/{name}/versions/{version}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Archive a version of a model */
        post: operations["post_workspaces_ws_models_name_versions_version_archive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/models/{name}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a version of a model */
        post: operations["post_workspaces_ws_models_name_versions_version_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/model-packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List model-packages */
        get: operations["get_workspaces_ws_model_packages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/model-packages/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a model-package */
        get: operations["get_workspaces_ws_model_packages_name"];
        /** Create or update a model-package */
        put: operations["put_workspaces_ws_model_packages_name"];
        post?: never;
        /** Delete a model-package */
        delete: operations["delete_workspaces_ws_model_packages_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/online-endpoints/{parent}/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List online-deployments */
        get: operations["get_workspaces_ws_online_endpoints_parent_deployments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/online-endpoints/{parent}/deployments/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a online-deployment */
        get: operations["get_workspaces_ws_online_endpoints_parent_deployments_name"];
        /** Create or update a online-deployment */
        put: operations["put_workspaces_ws_online_endpoints_parent_deployments_name"];
        post?: never;
        /** Delete a online-deployment */
        delete: operations["delete_workspaces_ws_online_endpoints_parent_deployments_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/online-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List online-endpoints */
        get: operations["get_workspaces_ws_online_endpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/online-endpoints/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a online-endpoint */
        get: operations["get_workspaces_ws_online_endpoints_name"];
        /** Create or update a online-endpoint */
        put: operations["put_workspaces_ws_online_endpoints_name"];
        post?: never;
        /** Delete a online-endpoint */
        delete: operations["delete_workspaces_ws_online_endpoints_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List registrys */
        get: operations["get_registries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/registries/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a registry */
        get: operations["get_registries_name"];
        /** Create or update a registry */
        put: operations["put_registries_name"];
        post?: never;
        /** Delete a registry */
        delete: operations["delete_registries_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List schedules */
        get: operations["get_workspaces_ws_schedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/schedules/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a schedule */
        get: operations["get_workspaces_ws_schedules_name"];
        /** Create or update a schedule */
        put: operations["put_workspaces_ws_schedules_name"];
        post?: never;
        /** Delete a schedule */
        delete: operations["delete_workspaces_ws_schedules_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/serverless-endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List serverless-endpoints */
        get: operations["get_workspaces_ws_serverless_endpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{ws}/serverless-endpoints/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a serverless-endpoint */
        get: operations["get_workspaces_ws_serverless_endpoints_name"];
        /** Create or update a serverless-endpoint */
        put: operations["put_workspaces_ws_serverless_endpoints_name"];
        post?: never;
        /** Delete a serverless-endpoint */
        delete: operations["delete_workspaces_ws_serverless_endpoints_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List workspaces */
        get: operations["get_workspaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show a workspace */
        get: operations["get_workspaces_name"];
        /** Create or update a workspace */
        put: operations["put_workspaces_name"];
        post?: never;
        /** Delete a workspace */
        delete: operations["delete_workspaces_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This page */
        get: operations["get_openapi_json"];
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
        /**
         * Aad
         * @description Whoever asks.
         */
        Aad: {
            /**
             * Type
             * @constant
             */
            type: "aad";
        };
        /**
         * AccessKey
         * @description A key and its id.
         */
        AccessKey: {
            /**
             * Type
             * @constant
             */
            type: "access_key";
            /**
             * Access Key Id
             * @default null
             */
            access_key_id: string | null;
            /**
             * Secret Access Key
             * @default null
             */
            secret_access_key: string | null;
        };
        /**
         * AccountKey
         * @description The key of a storage account.
         */
        AccountKey: {
            /**
             * Type
             * @constant
             */
            type: "account_key";
            /**
             * Account Key
             * @default null
             */
            account_key: string | null;
        };
        /**
         * Alerts
         * @description Who hears of it.
         */
        Alerts: {
            /** Emails */
            emails: string[];
        };
        /**
         * ApiKey
         * @description A key.
         */
        ApiKey: {
            /**
             * Type
             * @constant
             */
            type: "api_key";
            /**
             * Key
             * @default null
             */
            key: string | null;
        };
        /**
         * AssignedIdentity
         * @description One user-assigned identity.
         */
        AssignedIdentity: {
            /**
             * Resource Id
             * @default null
             */
            resource_id: string | null;
            /**
             * Client Id
             * @default null
             */
            client_id: string | null;
            /**
             * Object Id
             * @default null
             */
            object_id: string | null;
        };
        /**
         * AutoDelete
         * @description When the asset is deleted by itself: ``created_greater_than`` 30d is 30 days after it was created.
         */
        AutoDelete: {
            /**
             * Condition
             * @default null
             */
            condition: ("created_greater_than" | "last_accessed_greater_than") | null;
            /**
             * Value
             * @default null
             */
            value: string | null;
        };
        /**
         * AutoMLJob
         * @description A task and its data; the model is searched for.
         */
        AutoMLJob: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Experiment Name
             * @default null
             */
            experiment_name: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: string | null;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: string | null;
            } | null;
            /**
             * Compute
             * @default null
             */
            compute: string | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["JobInput"] | (boolean | number | string);
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["JobOutput"];
            } | null;
            /**
             * Services
             * @default null
             */
            services: {
                [key: string]: components["schemas"]["JobService"];
            } | null;
            /**
             * Identity
             * @default null
             */
            identity: (components["schemas"]["ManagedIdentity"] | components["schemas"]["TokenIdentity"] | components["schemas"]["UserIdentity"]) | null;
            /**
             * Type
             * @constant
             */
            type: "automl";
            /**
             * Task
             * @enum {string}
             */
            task: "classification" | "regression" | "forecasting" | "image_classification" | "image_classification_multilabel" | "image_object_detection" | "image_instance_segmentation" | "text_classification" | "text_classification_multilabel" | "text_ner";
            /**
             * Primary Metric
             * @default null
             */
            primary_metric: string | null;
            /**
             * Log Verbosity
             * @default null
             */
            log_verbosity: ("not_set" | "debug" | "info" | "warning" | "error" | "critical") | null;
            /** @default null */
            training_data: components["schemas"]["JobInput"] | null;
            /** @default null */
            validation_data: components["schemas"]["JobInput"] | null;
            /**
             * Validation Data Size
             * @default null
             */
            validation_data_size: number | null;
            /** @default null */
            test_data: components["schemas"]["JobInput"] | null;
            /**
             * Test Data Size
             * @default null
             */
            test_data_size: number | null;
            /**
             * Target Column Name
             * @default null
             */
            target_column_name: string | null;
            /**
             * Weight Column Name
             * @default null
             */
            weight_column_name: string | null;
            /**
             * Positive Label
             * @default null
             */
            positive_label: string | null;
            /**
             * N Cross Validations
             * @default null
             */
            n_cross_validations: number | "auto" | null;
            /**
             * Cv Split Column Names
             * @default null
             */
            cv_split_column_names: string[] | null;
            /** @default null */
            limits: components["schemas"]["AutoMLLimits"] | null;
            /** @default null */
            featurization: components["schemas"]["Featurization"] | null;
            /** @default null */
            training: components["schemas"]["Training"] | null;
            /** @default null */
            forecasting: components["schemas"]["Forecasting"] | null;
            /**
             * Training Parameters
             * @default null
             */
            training_parameters: {
                [key: string]: unknown;
            } | null;
            /**
             * Search Space
             * @default null
             */
            search_space: {
                [key: string]: unknown;
            }[] | null;
            /** @default null */
            sweep: components["schemas"]["AutoMLSweep"] | null;
            /**
             * Environment Id
             * @default null
             */
            environment_id: string | null;
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: string;
            } | null;
            /** @default null */
            resources: components["schemas"]["JobResources"] | null;
            /** @default null */
            queue_settings: components["schemas"]["Queue"] | null;
        };
        /**
         * AutoMLLimits
         * @description How many trials, how long; times in minutes.
         */
        AutoMLLimits: {
            /**
             * Enable Early Termination
             * @default null
             */
            enable_early_termination: boolean | null;
            /**
             * Exit Score
             * @default null
             */
            exit_score: number | null;
            /**
             * Max Concurrent Trials
             * @default null
             */
            max_concurrent_trials: number | null;
            /**
             * Max Cores Per Trial
             * @default null
             */
            max_cores_per_trial: number | null;
            /**
             * Max Nodes
             * @default null
             */
            max_nodes: number | null;
            /**
             * Max Trials
             * @default null
             */
            max_trials: number | null;
            /**
             * Timeout Minutes
             * @default null
             */
            timeout_minutes: number | null;
            /**
             * Trial Timeout Minutes
             * @default null
             */
            trial_timeout_minutes: number | null;
        };
        /**
         * AutoMLSweep
         * @description How the search space is walked.
         */
        AutoMLSweep: {
            /**
             * Sampling Algorithm
             * @default null
             */
            sampling_algorithm: (components["schemas"]["Random"] | components["schemas"]["Grid"] | components["schemas"]["Bayesian"] | components["schemas"]["Learning"]) | null;
            /**
             * Early Termination
             * @default null
             */
            early_termination: (components["schemas"]["Bandit"] | components["schemas"]["MedianStopping"] | components["schemas"]["Truncation"] | components["schemas"]["Halving"]) | null;
        };
        /**
         * Bandit
         * @description Stop what is worse than the best by more than the slack.
         */
        Bandit: {
            /**
             * Evaluation Interval
             * @default null
             */
            evaluation_interval: number | null;
            /**
             * Delay Evaluation
             * @default null
             */
            delay_evaluation: number | null;
            /**
             * Type
             * @constant
             */
            type: "bandit";
            /**
             * Slack Factor
             * @default null
             */
            slack_factor: number | null;
            /**
             * Slack Amount
             * @default null
             */
            slack_amount: number | null;
        };
        /**
         * BatchDeployment
         * @description A model with its code, or a pipeline component, behind a batch endpoint.
         */
        BatchDeployment: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Endpoint Name
             * @default null
             */
            endpoint_name: string | null;
            /**
             * Type
             * @default null
             */
            type: ("model" | "pipeline") | null;
            /**
             * Model
             * @default null
             */
            model: (components["schemas"]["Model"] | string) | null;
            /** @default null */
            code_configuration: components["schemas"]["CodeConfiguration"] | null;
            /**
             * Environment
             * @default null
             */
            environment: (components["schemas"]["Environment"] | string) | null;
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: unknown;
            } | null;
            /**
             * Component
             * @default null
             */
            component: string | {
                [key: string]: unknown;
            } | null;
            /**
             * Job Definition
             * @default null
             */
            job_definition: string | {
                [key: string]: unknown;
            } | null;
            /**
             * Compute
             * @default null
             */
            compute: string | null;
            /** @default null */
            resources: components["schemas"]["JobResources"] | null;
            /** @default null */
            settings: components["schemas"]["BatchSettings"] | null;
            /**
             * Mini Batch Size
             * @default null
             */
            mini_batch_size: number | null;
            /**
             * Max Concurrency Per Instance
             * @default null
             */
            max_concurrency_per_instance: number | null;
            /**
             * Output Action
             * @default null
             */
            output_action: ("append_row" | "summary_only") | null;
            /**
             * Output File Name
             * @default null
             */
            output_file_name: string | null;
            /** @default null */
            retry_settings: components["schemas"]["BatchRetries"] | null;
            /**
             * Error Threshold
             * @default null
             */
            error_threshold: number | null;
            /**
             * Logging Level
             * @default null
             */
            logging_level: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * BatchEndpoint
         * @description An address that scores data as jobs.
         */
        BatchEndpoint: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Auth Mode
             * @default null
             */
            auth_mode: ("aad_token" | "key" | "aml_token") | null;
            /** @default null */
            defaults: components["schemas"]["Defaults"] | null;
            /**
             * Location
             * @default null
             */
            location: string | null;
            /** @default null */
            identity: components["schemas"]["ResourceIdentity"] | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * BatchRetries
         * @description How often a mini-batch is tried, and for how many seconds.
         */
        BatchRetries: {
            /**
             * Max Retries
             * @default null
             */
            max_retries: number | null;
            /**
             * Timeout
             * @default null
             */
            timeout: number | null;
        };
        /**
         * BatchSettings
         * @description How data is cut up and what becomes of the answers.
         */
        BatchSettings: {
            /**
             * Mini Batch Size
             * @default null
             */
            mini_batch_size: number | null;
            /**
             * Max Concurrency Per Instance
             * @default null
             */
            max_concurrency_per_instance: number | null;
            /**
             * Instance Count
             * @default null
             */
            instance_count: number | null;
            /**
             * Output Action
             * @default null
             */
            output_action: ("append_row" | "summary_only") | null;
            /**
             * Output File Name
             * @default null
             */
            output_file_name: string | null;
            /** @default null */
            retry_settings: components["schemas"]["BatchRetries"] | null;
            /**
             * Error Threshold
             * @default null
             */
            error_threshold: number | null;
            /**
             * Logging Level
             * @default null
             */
            logging_level: string | null;
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: unknown;
            } | null;
            /**
             * Default Compute
             * @default null
             */
            default_compute: string | null;
            /**
             * Default Datastore
             * @default null
             */
            default_datastore: string | null;
            /**
             * Continue On Step Failure
             * @default null
             */
            continue_on_step_failure: boolean | null;
            /**
             * Force Rerun
             * @default null
             */
            force_rerun: boolean | null;
        };
        /**
         * Bayesian
         * @description Where the trials before promise most.
         */
        Bayesian: {
            /**
             * Type
             * @constant
             */
            type: "bayesian";
            /**
             * Seed
             * @default null
             */
            seed: number | null;
        };
        /**
         * BuildContext
         * @description A folder with a Dockerfile.
         */
        BuildContext: {
            /**
             * Path
             * @default null
             */
            path: string | null;
            /**
             * Dockerfile Path
             * @default null
             */
            dockerfile_path: string | null;
        };
        /**
         * Choice
         * @description One of these values; a value may be a mapping with spaces of its own.
         */
        Choice: {
            /**
             * Type
             * @constant
             */
            type: "choice";
            /** Values */
            values: unknown[];
        };
        /**
         * Code
         * @description A folder (or one file) of code. Its content hash lies in ``properties``.
         */
        Code: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Version
             * @default null
             */
            version: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            /**
             * Path
             * @default null
             */
            path: string | null;
            /**
             * Datastore
             * @default null
             */
            datastore: string | null;
        };
        /**
         * CodeConfiguration
         * @description The folder with the scoring script, and the script in it.
         */
        CodeConfiguration: {
            /**
             * Code
             * @default null
             */
            code: string | null;
            /**
             * Scoring Script
             * @default null
             */
            scoring_script: string | null;
        };
        /**
         * CollectedAsset
         * @description Where collected data is registered.
         */
        CollectedAsset: {
            /**
             * Data Id
             * @default null
             */
            data_id: string | null;
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Path
             * @default null
             */
            path: string | null;
            /**
             * Version
             * @default null
             */
            version: string | null;
        };
        /**
         * Collection
         * @description One stream of collected data.
         */
        Collection: {
            /**
             * Enabled
             * @enum {string}
             */
            enabled: "true" | "false";
            /**
             * Data
             * @default null
             */
            data: (components["schemas"]["CollectedAsset"] | string) | null;
            /**
             * Client Id
             * @default null
             */
            client_id: string | null;
        };
        /**
         * ColumnTransformer
         * @description Which columns a transformer takes, and its parameters.
         */
        ColumnTransformer: {
            /**
             * Fields
             * @default null
             */
            fields: string[] | null;
            /**
             * Parameters
             * @default null
             */
            parameters: {
                [key: string]: number | string | null;
            } | null;
        };
        /**
         * CommandComponent
         * @description The command component of users' documents.
         */
        CommandComponent: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Version
             * @default null
             */
            version: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Is Deterministic
             * @default null
             */
            is_deterministic: boolean | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["DeclaredInput"];
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["DeclaredOutput"];
            } | null;
            /**
             * Type
             * @default command
             * @constant
             */
            type: "command";
            /** Command */
            command: string;
            /**
             * Code
             * @default null
             */
            code: string | null;
            /** @default null */
            resources: components["schemas"]["JobResources"] | null;
            /**
             * Distribution
             * @default null
             */
            distribution: (components["schemas"]["PyTorch"] | components["schemas"]["TensorFlow"] | components["schemas"]["Mpi"] | components["schemas"]["Ray"] | components["schemas"]["Dask"]) | null;
            /**
             * Additional Includes
             * @default null
             */
            additional_includes: string[] | null;
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: unknown;
            } | null;
            /** Environment */
            environment: components["schemas"]["Environment"] | string;
        };
        /**
         * CommandJob
         * @description One command line, run to its end.
         */
        CommandJob: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Type
             * @default command
             * @constant
             */
            type: "command";
            /**
             * Component
             * @default null
             */
            component: (components["schemas"]["CommandComponent"] | string) | null;
            /**
             * Command
             * @default null
             */
            command: string | null;
            /**
             * Environment
             * @default null
             */
            environment: (components["schemas"]["Environment"] | string) | null;
            /**
             * Code
             * @default null
             */
            code: string | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["JobInput"] | (boolean | number | string);
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["JobOutput"];
            } | null;
            /**
             * Compute
             * @default null
             */
            compute: string | null;
            /** @default null */
            resources: components["schemas"]["JobResources"] | null;
            /**
             * Distribution
             * @default null
             */
            distribution: (components["schemas"]["PyTorch"] | components["schemas"]["TensorFlow"] | components["schemas"]["Mpi"] | components["schemas"]["Ray"] | components["schemas"]["Dask"]) | null;
            /** @default null */
            limits: components["schemas"]["CommandLimits"] | null;
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: unknown;
            } | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Experiment Name
             * @default null
             */
            experiment_name: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: string | null;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: string | null;
            } | null;
            /**
             * Services
             * @default null
             */
            services: {
                [key: string]: components["schemas"]["JobService"];
            } | null;
            /**
             * Identity
             * @default null
             */
            identity: (components["schemas"]["ManagedIdentity"] | components["schemas"]["TokenIdentity"] | components["schemas"]["UserIdentity"]) | null;
            /** @default null */
            queue_settings: components["schemas"]["Queue"] | null;
            /**
             * Parent Job Name
             * @default null
             */
            parent_job_name: string | null;
            /**
             * Secrets
             * @default null
             */
            secrets: {
                [key: string]: string;
            } | null;
        };
        /**
         * CommandLimits
         * @description When to give up.
         */
        CommandLimits: {
            /**
             * Timeout
             * @default null
             */
            timeout: number | null;
        };
        /**
         * Compute
         * @description Where jobs run. A cluster (``type: amlcompute``) runs up to ``max_instances`` nodes' worth at once.
         */
        Compute: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Type
             * @enum {string}
             */
            type: "amlcompute" | "computeinstance" | "kubernetes" | "virtualmachine" | "synapsespark";
            /**
             * Size
             * @default null
             */
            size: string | null;
            /**
             * Tier
             * @default null
             */
            tier: ("dedicated" | "low_priority") | null;
            /**
             * Min Instances
             * @default null
             */
            min_instances: number | null;
            /**
             * Max Instances
             * @default null
             */
            max_instances: number | null;
            /**
             * Idle Time Before Scale Down
             * @default null
             */
            idle_time_before_scale_down: number | null;
            /**
             * Enable Node Public Ip
             * @default null
             */
            enable_node_public_ip: boolean | null;
            /**
             * Ssh Public Access Enabled
             * @default null
             */
            ssh_public_access_enabled: boolean | null;
            /** @default null */
            ssh_settings: components["schemas"]["SshSettings"] | null;
            /** @default null */
            network_settings: components["schemas"]["NetworkSettings"] | null;
            /** @default null */
            create_on_behalf_of: components["schemas"]["OnBehalfOf"] | null;
            /**
             * Idle Time Before Shutdown
             * @default null
             */
            idle_time_before_shutdown: string | null;
            /**
             * Idle Time Before Shutdown Minutes
             * @default null
             */
            idle_time_before_shutdown_minutes: number | null;
            /**
             * Enable Sso
             * @default null
             */
            enable_sso: boolean | null;
            /**
             * Enable Root Access
             * @default null
             */
            enable_root_access: boolean | null;
            /**
             * Release Quota On Stop
             * @default null
             */
            release_quota_on_stop: boolean | null;
            /**
             * Enable Os Patching
             * @default null
             */
            enable_os_patching: boolean | null;
            /** @default null */
            schedules: components["schemas"]["Schedules"] | null;
            /**
             * Setup Scripts
             * @default null
             */
            setup_scripts: {
                [key: string]: unknown;
            } | null;
            /**
             * Custom Applications
             * @default null
             */
            custom_applications: {
                [key: string]: unknown;
            }[] | null;
            /**
             * Scale Settings
             * @default null
             */
            scale_settings: {
                [key: string]: unknown;
            } | null;
            /**
             * Auto Pause Settings
             * @default null
             */
            auto_pause_settings: {
                [key: string]: unknown;
            } | null;
            /**
             * Namespace
             * @default null
             */
            namespace: string | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            /**
             * Resource Id
             * @default null
             */
            resource_id: string | null;
            /**
             * Location
             * @default null
             */
            location: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: string;
            } | null;
            /** @default null */
            identity: components["schemas"]["ResourceIdentity"] | null;
        };
        /**
         * Connection
         * @description How a service outside is reached.
         */
        Connection: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Type
             * @enum {string}
             */
            type: "git" | "container_registry" | "python_feed" | "s3" | "snowflake" | "azure_sql_db" | "azure_synapse_analytics" | "azure_my_sql_db" | "azure_postgres_db" | "custom" | "azure_data_lake_gen2" | "azure_blob" | "azure_one_lake" | "azure_open_ai" | "azure_ai_services" | "azure_ai_search" | "azure_content_safety" | "azure_speech_services" | "api_key" | "open_ai" | "serp" | "serverless";
            /**
             * Target
             * @default null
             */
            target: string | null;
            /**
             * Api Base
             * @default null
             */
            api_base: string | null;
            /**
             * Url
             * @default null
             */
            url: string | null;
            /**
             * Azure Endpoint
             * @default null
             */
            azure_endpoint: string | null;
            /**
             * Endpoint
             * @default null
             */
            endpoint: string | null;
            /**
             * Credentials
             * @default null
             */
            credentials: (components["schemas"]["Pat"] | components["schemas"]["Sas"] | components["schemas"]["UsernamePassword"] | components["schemas"]["ManagedIdentityCredential"] | components["schemas"]["ServicePrincipal"] | components["schemas"]["AccessKey"] | components["schemas"]["ApiKey"] | components["schemas"]["AccountKey"] | components["schemas"]["Aad"] | components["schemas"]["NoCredential"]) | null;
            /**
             * Api Key
             * @default null
             */
            api_key: string | null;
            /**
             * Is Shared
             * @default null
             */
            is_shared: boolean | null;
            /**
             * Metadata
             * @default null
             */
            metadata: {
                [key: string]: unknown;
            } | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Account Name
             * @default null
             */
            account_name: string | null;
            /**
             * Container Name
             * @default null
             */
            container_name: string | null;
            /**
             * Api Version
             * @default null
             */
            api_version: string | null;
            /**
             * Open Ai Resource Id
             * @default null
             */
            open_ai_resource_id: string | null;
            /**
             * Ai Services Resource Id
             * @default null
             */
            ai_services_resource_id: string | null;
            /** @default null */
            artifact: components["schemas"]["LakeHouse"] | null;
            /**
             * One Lake Workspace Name
             * @default null
             */
            one_lake_workspace_name: string | null;
        };
        /**
         * Container
         * @description A container registry made for it.
         */
        Container: {
            /**
             * Acr Account Sku
             * @default null
             */
            acr_account_sku: "premium" | null;
        };
        /**
         * Credentials
         * @description How the store is opened. Which fields are given says which way. Secrets are sealed; ``type`` tells which is kept.
         */
        Credentials: {
            /**
             * Type
             * @default null
             */
            type: string | null;
            /**
             * Account Key
             * @default null
             */
            account_key: string | null;
            /**
             * Sas Token
             * @default null
             */
            sas_token: string | null;
            /**
             * Client Secret
             * @default null
             */
            client_secret: string | null;
            /**
             * Certificate
             * @default null
             */
            certificate: string | null;
            /**
             * Secret Access Key
             * @default null
             */
            secret_access_key: string | null;
            /**
             * Session Token
             * @default null
             */
            session_token: string | null;
            /**
             * Service Account
             * @default null
             */
            service_account: string | {
                [key: string]: unknown;
            } | null;
            /**
             * Password
             * @default null
             */
            password: string | null;
            /**
             * Private Key
             * @default null
             */
            private_key: string | null;
            /**
             * Passphrase
             * @default null
             */
            passphrase: string | null;
            /**
             * Token
             * @default null
             */
            token: string | null;
            /**
             * Access Key Id
             * @default null
             */
            access_key_id: string | null;
            /**
             * Tenant Id
             * @default null
             */
            tenant_id: string | null;
            /**
             * Client Id
             * @default null
             */
            client_id: string | null;
            /**
             * Thumbprint
             * @default null
             */
            thumbprint: string | null;
            /**
             * Authority Url
             * @default null
             */
            authority_url: string | null;
            /**
             * Resource Url
             * @default null
             */
            resource_url: string | null;
        };
        /**
         * Cron
         * @description At the times of a cron line.
         */
        Cron: {
            /**
             * Start Time
             * @default null
             */
            start_time: string | null;
            /**
             * End Time
             * @default null
             */
            end_time: string | null;
            /**
             * Time Zone
             * @default null
             */
            time_zone: string | null;
            /**
             * Type
             * @constant
             */
            type: "cron";
            /** Expression */
            expression: string;
        };
        /**
         * CustomerKey
         * @description Keys of one's own for data at rest.
         */
        CustomerKey: {
            /**
             * Key Vault
             * @default null
             */
            key_vault: string | null;
            /**
             * Key Uri
             * @default null
             */
            key_uri: string | null;
            /**
             * Cosmosdb Id
             * @default null
             */
            cosmosdb_id: string | null;
            /**
             * Storage Id
             * @default null
             */
            storage_id: string | null;
            /**
             * Search Id
             * @default null
             */
            search_id: string | null;
        };
        /**
         * Dask
         * @description A Dask cluster of the job's nodes; Azure ML has none.
         */
        Dask: {
            /**
             * Type
             * @constant
             */
            type: "dask";
            /**
             * Process Count Per Instance
             * @default null
             */
            process_count_per_instance: number | null;
            /**
             * Threads Per Process
             * @default null
             */
            threads_per_process: number | null;
            /**
             * Include Dashboard
             * @default null
             */
            include_dashboard: boolean | null;
        };
        /**
         * Data
         * @description A place that holds data, and how to read it.
         */
        Data: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Version
             * @default null
             */
            version: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            /**
             * Path
             * @default null
             */
            path: string | null;
            /**
             * Type
             * @default uri_folder
             * @enum {string}
             */
            type: "uri_file" | "uri_folder" | "mltable";
            /**
             * Referenced Uris
             * @default null
             */
            referenced_uris: string[] | null;
            /**
             * Datastore
             * @default null
             */
            datastore: string | null;
            /** @default null */
            auto_delete_setting: components["schemas"]["AutoDelete"] | null;
            /** @default null */
            expectations: components["schemas"]["Expectations"] | null;
            /**
             * Verify
             * @default null
             */
            verify: ("on_create" | "always" | "never") | null;
        };
        /**
         * DataCollector
         * @description What a deployment keeps of its requests and answers.
         */
        DataCollector: {
            /** Collections */
            collections: {
                [key: string]: components["schemas"]["Collection"];
            };
            /**
             * Rolling Rate
             * @default null
             */
            rolling_rate: ("minute" | "hour" | "day") | null;
            /**
             * Sampling Rate
             * @default null
             */
            sampling_rate: number | null;
            /** @default null */
            request_logging: components["schemas"]["RequestLogging"] | null;
        };
        /**
         * DataImport
         * @description Where data comes from, and the asset it becomes.
         */
        DataImport: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Version
             * @default null
             */
            version: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            /**
             * Type
             * @default uri_folder
             * @enum {string}
             */
            type: "uri_file" | "uri_folder" | "mltable";
            /**
             * Path
             * @default null
             */
            path: string | null;
            /** Source */
            source: components["schemas"]["Database"] | components["schemas"]["FileSystem"];
            /**
             * Datastore
             * @default null
             */
            datastore: string | null;
            /** @default null */
            auto_delete_setting: components["schemas"]["AutoDelete"] | null;
            /**
             * Referenced Uris
             * @default null
             */
            referenced_uris: unknown[] | null;
        };
        /**
         * DataWindow
         * @description Which part of the data, by time.
         */
        DataWindow: {
            /**
             * Window Start
             * @default null
             */
            window_start: string | null;
            /**
             * Window End
             * @default null
             */
            window_end: string | null;
            /**
             * Lookback Window Size
             * @default null
             */
            lookback_window_size: string | null;
            /**
             * Lookback Window Offset
             * @default null
             */
            lookback_window_offset: string | null;
        };
        /**
         * Database
         * @description What a query, a table or a stored procedure of a database answers.
         */
        Database: {
            /**
             * Type
             * @constant
             */
            type: "database";
            /** Connection */
            connection: string;
            /**
             * Query
             * @default null
             */
            query: string | null;
            /**
             * Table Name
             * @default null
             */
            table_name: string | null;
            /**
             * Stored Procedure
             * @default null
             */
            stored_procedure: string | null;
            /**
             * Stored Procedure Params
             * @default null
             */
            stored_procedure_params: components["schemas"]["Parameter"][] | null;
        };
        /**
         * Datastore
         * @description A place for data: a cloud store, or (``root``) a folder of this machine in its spelling.
         */
        Datastore: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Type
             * @enum {string}
             */
            type: "azure_blob" | "azure_file" | "azure_data_lake_gen1" | "azure_data_lake_gen2" | "one_lake" | "s3" | "gcs" | "sftp" | "http";
            /**
             * Root
             * @default null
             */
            root: string | null;
            /**
             * Account Name
             * @default null
             */
            account_name: string | null;
            /**
             * Container Name
             * @default null
             */
            container_name: string | null;
            /**
             * File Share Name
             * @default null
             */
            file_share_name: string | null;
            /**
             * Filesystem
             * @default null
             */
            filesystem: string | null;
            /**
             * Store Name
             * @default null
             */
            store_name: string | null;
            /**
             * One Lake Workspace Name
             * @default null
             */
            one_lake_workspace_name: string | null;
            /** @default null */
            artifact: components["schemas"]["OneLakeArtifact"] | null;
            /**
             * Endpoint
             * @default null
             */
            endpoint: string | null;
            /**
             * Protocol
             * @default null
             */
            protocol: string | null;
            /**
             * Bucket
             * @default null
             */
            bucket: string | null;
            /**
             * Region
             * @default null
             */
            region: string | null;
            /**
             * Endpoint Url
             * @default null
             */
            endpoint_url: string | null;
            /**
             * Host
             * @default null
             */
            host: string | null;
            /**
             * Port
             * @default null
             */
            port: number | null;
            /**
             * Username
             * @default null
             */
            username: string | null;
            /**
             * Path
             * @default null
             */
            path: string | null;
            /**
             * Host Key
             * @default null
             */
            host_key: string | null;
            /**
             * Url
             * @default null
             */
            url: string | null;
            /** @default null */
            credentials: components["schemas"]["Credentials"] | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * DeclaredInput
         * @description One input: its type, and what may be given for it.
         */
        DeclaredInput: {
            /**
             * Type
             * @enum {string}
             */
            type: "uri_file" | "uri_folder" | "mltable" | "custom_model" | "mlflow_model" | "triton_model" | "safe_tensors_model" | "path" | "string" | "number" | "integer" | "boolean";
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Optional
             * @default null
             */
            optional: boolean | null;
            /**
             * Default
             * @default null
             */
            default: boolean | number | string | null;
            /**
             * Min
             * @default null
             */
            min: number | string | null;
            /**
             * Max
             * @default null
             */
            max: number | string | null;
            /**
             * Enum
             * @default null
             */
            enum: unknown[] | null;
            /**
             * Mode
             * @default null
             */
            mode: ("ro_mount" | "rw_mount" | "mount" | "download" | "upload" | "direct" | "eval_mount" | "eval_download" | "link") | null;
        };
        /**
         * DeclaredOutput
         * @description One output and its type.
         */
        DeclaredOutput: {
            /**
             * Type
             * @enum {string}
             */
            type: "uri_file" | "uri_folder" | "mltable" | "custom_model" | "mlflow_model" | "triton_model" | "safe_tensors_model" | "path" | "string" | "number" | "integer" | "boolean";
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Mode
             * @default null
             */
            mode: ("ro_mount" | "rw_mount" | "mount" | "download" | "upload" | "direct" | "eval_mount" | "eval_download" | "link") | null;
        };
        /**
         * DefaultScale
         * @description A fixed number of instances.
         */
        DefaultScale: {
            /**
             * Type
             * @constant
             */
            type: "default";
        };
        /**
         * Defaults
         * @description What is meant where nothing is said.
         */
        Defaults: {
            /**
             * Deployment Name
             * @default null
             */
            deployment_name: string | null;
        };
        /**
         * DeploymentTemplate
         * @description A registry's template for deploying the model.
         */
        DeploymentTemplate: {
            /**
             * Asset Id
             * @default null
             */
            asset_id: string | null;
        };
        /**
         * DistillationJob
         * @description A small model taught by a large one.
         */
        DistillationJob: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Experiment Name
             * @default null
             */
            experiment_name: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: string | null;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: string | null;
            } | null;
            /**
             * Compute
             * @default null
             */
            compute: string | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["JobInput"] | (boolean | number | string);
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["JobOutput"];
            } | null;
            /**
             * Services
             * @default null
             */
            services: {
                [key: string]: components["schemas"]["JobService"];
            } | null;
            /**
             * Identity
             * @default null
             */
            identity: (components["schemas"]["ManagedIdentity"] | components["schemas"]["TokenIdentity"] | components["schemas"]["UserIdentity"]) | null;
            /**
             * Type
             * @constant
             */
            type: "distillation";
            /**
             * Data Generation Type
             * @enum {string}
             */
            data_generation_type: "label_generation" | "data_generation";
            /**
             * Data Generation Task Type
             * @enum {string}
             */
            data_generation_task_type: "NLI" | "NLU_QA" | "CONVERSATION" | "MATH" | "SUMMARIZATION";
            teacher_model_endpoint_connection: components["schemas"]["TeacherConnection"];
            /** Student Model */
            student_model: components["schemas"]["JobInput"] | string;
            /**
             * Training Data
             * @default null
             */
            training_data: (components["schemas"]["JobInput"] | string) | null;
            /**
             * Validation Data
             * @default null
             */
            validation_data: (components["schemas"]["JobInput"] | string) | null;
            /** @default null */
            teacher_model_settings: components["schemas"]["TeacherSettings"] | null;
            /** @default null */
            prompt_settings: components["schemas"]["PromptSettings"] | null;
            /**
             * Hyperparameters
             * @default null
             */
            hyperparameters: {
                [key: string]: string | null;
            } | null;
            /** @default null */
            resources: components["schemas"]["JobResources"] | null;
        };
        /**
         * Entry
         * @description What is started: a Python file of the code folder, or a class of one of the jars.
         */
        Entry: {
            /**
             * File
             * @default null
             */
            file: string | null;
            /**
             * Class Name
             * @default null
             */
            class_name: string | null;
        };
        /**
         * Environment
         * @description The software a job or deployment runs in.
         */
        Environment: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Version
             * @default null
             */
            version: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            /**
             * Image
             * @default null
             */
            image: string | null;
            /**
             * Conda File
             * @default null
             */
            conda_file: ({
                [key: string]: unknown;
            } | string) | null;
            /** @default null */
            build: components["schemas"]["BuildContext"] | null;
            /** @default null */
            inference_config: components["schemas"]["InferenceConfig"] | null;
            /**
             * Os Type
             * @default null
             */
            os_type: ("linux" | "windows") | null;
            /**
             * Datastore
             * @default null
             */
            datastore: string | null;
        };
        /**
         * EnvironmentSource
         * @description The environment it is built on.
         */
        EnvironmentSource: {
            /**
             * Type
             * @default null
             */
            type: string | null;
            /**
             * Resource Id
             * @default null
             */
            resource_id: string | null;
        };
        /**
         * Expectations
         * @description Everything that must hold.
         */
        Expectations: {
            /**
             * Columns
             * @default null
             */
            columns: {
                [key: string]: components["schemas"]["ExpectedColumn"];
            } | null;
            /**
             * Extra Columns
             * @default allowed
             * @enum {string}
             */
            extra_columns: "allowed" | "refused";
            /**
             * Unique
             * @default null
             */
            unique: string[][] | null;
            /** @default null */
            rows: components["schemas"]["Rows"] | null;
            /** @default null */
            freshness: components["schemas"]["Freshness"] | null;
        };
        /**
         * ExpectedColumn
         * @description One column.
         */
        ExpectedColumn: {
            /**
             * Type
             * @default null
             */
            type: ("int" | "float" | "string" | "boolean" | "datetime") | null;
            /**
             * Required
             * @default true
             */
            required: boolean;
            /**
             * Nulls
             * @default true
             */
            nulls: boolean;
            /**
             * Max Nulls
             * @default null
             */
            max_nulls: number | null;
            /**
             * Min
             * @default null
             */
            min: number | string | null;
            /**
             * Max
             * @default null
             */
            max: number | string | null;
            /**
             * Values
             * @default null
             */
            values: (boolean | number | string)[] | null;
            /**
             * Regex
             * @default null
             */
            regex: string | null;
            /**
             * Min Length
             * @default null
             */
            min_length: number | null;
            /**
             * Max Length
             * @default null
             */
            max_length: number | null;
            /**
             * Unique
             * @default false
             */
            unique: boolean;
        };
        /**
         * FeatureSet
         * @description Features and how they are computed.
         */
        FeatureSet: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Version
             * @default null
             */
            version: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            specification: components["schemas"]["Specification"];
            /** Entities */
            entities: string[];
            /**
             * Stage
             * @default null
             */
            stage: ("Development" | "Production" | "Archived") | null;
            /** @default null */
            materialization_settings: components["schemas"]["Materialization"] | null;
        };
        /**
         * FeatureStoreEntity
         * @description What features are about.
         */
        FeatureStoreEntity: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Version
             * @default null
             */
            version: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            /** Index Columns */
            index_columns: components["schemas"]["IndexColumn"][];
            /**
             * Stage
             * @default null
             */
            stage: ("Development" | "Production" | "Archived") | null;
        };
        /**
         * Featurization
         * @description What is made of the columns before a model sees them.
         */
        Featurization: {
            /**
             * Mode
             * @default null
             */
            mode: ("auto" | "off" | "custom") | null;
            /**
             * Blocked Transformers
             * @default null
             */
            blocked_transformers: string[] | null;
            /**
             * Column Name And Types
             * @default null
             */
            column_name_and_types: {
                [key: string]: string;
            } | null;
            /**
             * Transformer Params
             * @default null
             */
            transformer_params: {
                [key: string]: components["schemas"]["ColumnTransformer"][];
            } | null;
            /**
             * Enable Dnn Featurization
             * @default null
             */
            enable_dnn_featurization: boolean | null;
            /**
             * Dataset Language
             * @default null
             */
            dataset_language: string | null;
        };
        /**
         * FileSystem
         * @description A file or folder of a bucket.
         */
        FileSystem: {
            /**
             * Type
             * @constant
             */
            type: "file_system";
            /** Connection */
            connection: string;
            /**
             * Path
             * @default null
             */
            path: string | null;
        };
        /**
         * FineTuningJob
         * @description A model trained further on data of one's own.
         */
        FineTuningJob: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Experiment Name
             * @default null
             */
            experiment_name: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: string | null;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: string | null;
            } | null;
            /**
             * Compute
             * @default null
             */
            compute: string | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["JobInput"] | (boolean | number | string);
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["JobOutput"];
            } | null;
            /**
             * Services
             * @default null
             */
            services: {
                [key: string]: components["schemas"]["JobService"];
            } | null;
            /**
             * Identity
             * @default null
             */
            identity: (components["schemas"]["ManagedIdentity"] | components["schemas"]["TokenIdentity"] | components["schemas"]["UserIdentity"]) | null;
            /**
             * Type
             * @constant
             */
            type: "finetuning";
            /**
             * Task
             * @enum {string}
             */
            task: "chat_completion" | "text_completion" | "text_classification" | "question_answering" | "text_summarization" | "token_classification" | "text_translation" | "image_classification" | "image_instance_segmentation" | "image_object_detection" | "video_multi_object_tracking";
            /**
             * Model Provider
             * @enum {string}
             */
            model_provider: "azure_openai" | "custom";
            model: components["schemas"]["JobInput"];
            /**
             * Training Data
             * @default null
             */
            training_data: (components["schemas"]["JobInput"] | string) | null;
            /**
             * Validation Data
             * @default null
             */
            validation_data: (components["schemas"]["JobInput"] | string) | null;
            /**
             * Hyperparameters
             * @default null
             */
            hyperparameters: {
                [key: string]: unknown;
            } | null;
            /** @default null */
            resources: components["schemas"]["TuningResources"] | null;
            /** @default null */
            queue_settings: components["schemas"]["Queue"] | null;
        };
        /**
         * Flow
         * @description Prompts and functions that feed each other.
         */
        Flow: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["FlowInput"];
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["FlowOutput"];
            } | null;
            /** Nodes */
            nodes: components["schemas"]["FlowNode"][];
            /**
             * Node Variants
             * @default null
             */
            node_variants: {
                [key: string]: unknown;
            } | null;
            /** @default null */
            environment: components["schemas"]["FlowEnvironment"] | null;
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: unknown;
            } | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Type
             * @default null
             */
            type: string | null;
            /**
             * Language
             * @default null
             */
            language: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Additional Includes
             * @default null
             */
            additional_includes: string[] | null;
        };
        /**
         * FlowEnvironment
         * @description What it runs in.
         */
        FlowEnvironment: {
            /**
             * Python Requirements Txt
             * @default null
             */
            python_requirements_txt: string | null;
            /**
             * Image
             * @default null
             */
            image: string | null;
        };
        /**
         * FlowInput
         * @description What is given to the flow.
         */
        FlowInput: {
            /** Type */
            type: string;
            /**
             * Default
             * @default null
             */
            default: unknown;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Is Chat Input
             * @default null
             */
            is_chat_input: boolean | null;
            /**
             * Is Chat History
             * @default null
             */
            is_chat_history: boolean | null;
        };
        /**
         * FlowNode
         * @description One prompt or function.
         */
        FlowNode: {
            /** Name */
            name: string;
            /** Type */
            type: string;
            /** @default null */
            source: components["schemas"]["NodeSource"] | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: unknown;
            } | null;
            /**
             * Api
             * @default null
             */
            api: string | null;
            /**
             * Connection
             * @default null
             */
            connection: string | null;
            /**
             * Provider
             * @default null
             */
            provider: string | null;
            /**
             * Module
             * @default null
             */
            module: string | null;
            /**
             * Aggregation
             * @default null
             */
            aggregation: boolean | null;
            /**
             * Use Variants
             * @default null
             */
            use_variants: boolean | null;
            /**
             * Activate
             * @default null
             */
            activate: {
                [key: string]: unknown;
            } | null;
            /**
             * Skip
             * @default null
             */
            skip: {
                [key: string]: unknown;
            } | null;
            /**
             * Comment
             * @default null
             */
            comment: string | null;
        };
        /**
         * FlowOutput
         * @description What it answers: a node's output.
         */
        FlowOutput: {
            /** Type */
            type: string;
            /**
             * Reference
             * @default null
             */
            reference: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Is Chat Output
             * @default null
             */
            is_chat_output: boolean | null;
            /**
             * Evaluation Only
             * @default null
             */
            evaluation_only: boolean | null;
        };
        /**
         * FlowRun
         * @description A flow over many rows.
         */
        FlowRun: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Flow
             * @default null
             */
            flow: string | null;
            /**
             * Data
             * @default null
             */
            data: string | null;
            /**
             * Run
             * @default null
             */
            run: string | null;
            /**
             * Column Mapping
             * @default null
             */
            column_mapping: {
                [key: string]: unknown;
            } | null;
            /**
             * Variant
             * @default null
             */
            variant: string | null;
            /**
             * Connections
             * @default null
             */
            connections: {
                [key: string]: unknown;
            } | null;
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: unknown;
            } | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Resources
             * @default null
             */
            resources: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * Forecasting
         * @description Time, horizon and lags of a forecast.
         */
        Forecasting: {
            /**
             * Country Or Region For Holidays
             * @default null
             */
            country_or_region_for_holidays: string | null;
            /**
             * Cv Step Size
             * @default null
             */
            cv_step_size: number | null;
            /**
             * Forecast Horizon
             * @default null
             */
            forecast_horizon: number | "auto" | null;
            /**
             * Target Lags
             * @default null
             */
            target_lags: number | number[] | "auto" | null;
            /**
             * Target Rolling Window Size
             * @default null
             */
            target_rolling_window_size: number | "auto" | null;
            /**
             * Time Column Name
             * @default null
             */
            time_column_name: string | null;
            /**
             * Time Series Id Column Names
             * @default null
             */
            time_series_id_column_names: string | string[] | null;
            /**
             * Frequency
             * @default null
             */
            frequency: string | null;
            /**
             * Feature Lags
             * @default null
             */
            feature_lags: ("none" | "auto") | null;
            /**
             * Seasonality
             * @default null
             */
            seasonality: number | "auto" | null;
            /**
             * Short Series Handling Config
             * @default null
             */
            short_series_handling_config: ("none" | "auto" | "pad" | "drop") | null;
            /**
             * Use Stl
             * @default null
             */
            use_stl: ("none" | "season" | "season_trend") | null;
            /**
             * Target Aggregate Function
             * @default null
             */
            target_aggregate_function: ("none" | "sum" | "max" | "min" | "mean") | null;
            /**
             * Features Unknown At Forecast Time
             * @default null
             */
            features_unknown_at_forecast_time: string | string[] | null;
        };
        /**
         * Freshness
         * @description How old the data may be.
         */
        Freshness: {
            /** Max Age */
            max_age: string;
            /**
             * Column
             * @default null
             */
            column: string | null;
        };
        /**
         * Grid
         * @description Every combination.
         */
        Grid: {
            /**
             * Type
             * @constant
             */
            type: "grid";
        };
        /**
         * Halving
         * @description Beyond Azure: at intervals that grow by a factor, let the best part go on (ASHA), in several brackets (hyperband).
         */
        Halving: {
            /**
             * Type
             * @enum {string}
             */
            type: "asha" | "hyperband";
            /**
             * Reduction Factor
             * @default null
             */
            reduction_factor: number | null;
            /**
             * Min Intervals
             * @default null
             */
            min_intervals: number | null;
            /**
             * Max Intervals
             * @default null
             */
            max_intervals: number | null;
        };
        /**
         * ImportJob
         * @description A source, and the one output that it becomes.
         */
        ImportJob: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Experiment Name
             * @default null
             */
            experiment_name: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: string | null;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: string | null;
            } | null;
            /**
             * Compute
             * @default null
             */
            compute: string | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["JobInput"] | (boolean | number | string);
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["JobOutput"];
            } | null;
            /**
             * Services
             * @default null
             */
            services: {
                [key: string]: components["schemas"]["JobService"];
            } | null;
            /**
             * Identity
             * @default null
             */
            identity: (components["schemas"]["ManagedIdentity"] | components["schemas"]["TokenIdentity"] | components["schemas"]["UserIdentity"]) | null;
            /**
             * Type
             * @default import
             * @constant
             */
            type: "import";
            /** Source */
            source: components["schemas"]["Database"] | components["schemas"]["FileSystem"];
            /** @default null */
            limits: components["schemas"]["ImportLimits"] | null;
            /** @default null */
            resources: components["schemas"]["JobResources"] | null;
            /** @default null */
            queue_settings: components["schemas"]["Queue"] | null;
            /**
             * Parent Job Name
             * @default null
             */
            parent_job_name: string | null;
        };
        /**
         * ImportLimits
         * @description When to give up.
         */
        ImportLimits: {
            /**
             * Timeout
             * @default null
             */
            timeout: number | null;
        };
        /**
         * IndexColumn
         * @description A column that says which one is meant.
         */
        IndexColumn: {
            /** Name */
            name: string;
            /** Type */
            type: string;
        };
        /**
         * InferenceConfig
         * @description How a server inside the image is asked.
         */
        InferenceConfig: {
            liveness_route: components["schemas"]["Route"];
            readiness_route: components["schemas"]["Route"];
            scoring_route: components["schemas"]["Route"];
        };
        /**
         * InferenceConfiguration
         * @description How a server of one's own is asked.
         */
        InferenceConfiguration: {
            /** @default null */
            liveness_route: components["schemas"]["PackageRoute"] | null;
            /** @default null */
            readiness_route: components["schemas"]["PackageRoute"] | null;
            /** @default null */
            scoring_route: components["schemas"]["PackageRoute"] | null;
            /**
             * Entry Script
             * @default null
             */
            entry_script: string | null;
            /**
             * Configuration
             * @default null
             */
            configuration: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * InferencingServer
         * @description The server that the package brings.
         */
        InferencingServer: {
            /**
             * Type
             * @enum {string}
             */
            type: "azureml_online" | "azureml_batch" | "custom" | "triton";
            /** @default null */
            code_configuration: components["schemas"]["CodeConfiguration"] | null;
            /** @default null */
            inference_configuration: components["schemas"]["InferenceConfiguration"] | null;
        };
        /**
         * IpRule
         * @description An address or range that may enter.
         */
        IpRule: {
            /** Value */
            value: string;
        };
        /**
         * JobInput
         * @description Data or a model that a job reads.
         */
        JobInput: {
            /**
             * Type
             * @default uri_folder
             * @enum {string}
             */
            type: "uri_file" | "uri_folder" | "mltable" | "custom_model" | "mlflow_model" | "triton_model";
            /**
             * Path
             * @default null
             */
            path: string | null;
            /**
             * Mode
             * @default null
             */
            mode: ("ro_mount" | "download" | "direct" | "eval_mount" | "eval_download") | null;
            /**
             * Path On Compute
             * @default null
             */
            path_on_compute: string | null;
            /**
             * Datastore
             * @default null
             */
            datastore: string | null;
        };
        /**
         * JobOutput
         * @description A place that a job writes to, and the asset it becomes.
         */
        JobOutput: {
            /**
             * Type
             * @default uri_folder
             * @enum {string}
             */
            type: "uri_file" | "uri_folder" | "mltable" | "custom_model" | "mlflow_model" | "triton_model";
            /**
             * Path
             * @default null
             */
            path: string | null;
            /**
             * Mode
             * @default null
             */
            mode: ("rw_mount" | "upload" | "direct") | null;
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Version
             * @default null
             */
            version: string | null;
        };
        /**
         * JobResources
         * @description How many nodes of which size.
         */
        JobResources: {
            /**
             * Instance Count
             * @default null
             */
            instance_count: number | null;
            /**
             * Instance Type
             * @default null
             */
            instance_type: string | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            /**
             * Locations
             * @default null
             */
            locations: string[] | null;
            /**
             * Max Instance Count
             * @default null
             */
            max_instance_count: number | null;
            /**
             * Shm Size
             * @default null
             */
            shm_size: string | null;
            /**
             * Docker Args
             * @default null
             */
            docker_args: string | string[] | null;
        };
        /**
         * JobService
         * @description A way into the running job: a notebook, a terminal, a board.
         */
        JobService: {
            /**
             * Type
             * @default null
             */
            type: string | null;
            /**
             * Nodes
             * @default null
             */
            nodes: string | null;
            /**
             * Port
             * @default null
             */
            port: number | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            /**
             * Log Dir
             * @default null
             */
            log_dir: string | null;
            /**
             * Ssh Public Keys
             * @default null
             */
            ssh_public_keys: string | null;
        };
        /**
         * LakeHouse
         * @description What of a OneLake workspace is meant.
         */
        LakeHouse: {
            /**
             * Type
             * @constant
             */
            type: "lake_house";
            /** Name */
            name: string;
        };
        /**
         * Learning
         * @description Beyond Azure: samplers that learn from the trials before, by their own names.
         */
        Learning: {
            /**
             * Type
             * @enum {string}
             */
            type: "tpe" | "gp" | "cmaes" | "nsga2";
            /**
             * Seed
             * @default null
             */
            seed: number | null;
            /**
             * Startup Trials
             * @default null
             */
            startup_trials: number | null;
            /**
             * Population
             * @default null
             */
            population: number | null;
        };
        /**
         * ManagedIdentity
         * @description The compute's own identity.
         */
        ManagedIdentity: {
            /**
             * Type
             * @constant
             */
            type: "managed";
            /**
             * Client Id
             * @default null
             */
            client_id: string | null;
            /**
             * Object Id
             * @default null
             */
            object_id: string | null;
            /**
             * Msi Resource Id
             * @default null
             */
            msi_resource_id: string | null;
        };
        /**
         * ManagedIdentityCredential
         * @description An identity of the cloud's.
         */
        ManagedIdentityCredential: {
            /**
             * Type
             * @constant
             */
            type: "managed_identity";
            /**
             * Client Id
             * @default null
             */
            client_id: string | null;
            /**
             * Resource Id
             * @default null
             */
            resource_id: string | null;
        };
        /**
         * ManagedNetwork
         * @description The network that computes of the workspace live in.
         */
        ManagedNetwork: {
            /**
             * Isolation Mode
             * @default null
             */
            isolation_mode: ("disabled" | "allow_internet_outbound" | "allow_only_approved_outbound") | null;
            /**
             * Outbound Rules
             * @default null
             */
            outbound_rules: components["schemas"]["OutboundRule"][] | null;
            /**
             * Firewall Sku
             * @default null
             */
            firewall_sku: ("standard" | "basic") | null;
        };
        /**
         * Materialization
         * @description When features are computed ahead, where, and who hears of it.
         */
        Materialization: {
            /** @default null */
            schedule: components["schemas"]["Recurrence"] | null;
            /** @default null */
            notification: components["schemas"]["Notification"] | null;
            /** @default null */
            resource: components["schemas"]["MaterializationResource"] | null;
            /**
             * Spark Configuration
             * @default null
             */
            spark_configuration: {
                [key: string]: unknown;
            } | null;
            /**
             * Offline Enabled
             * @default null
             */
            offline_enabled: boolean | null;
            /**
             * Online Enabled
             * @default null
             */
            online_enabled: boolean | null;
        };
        /**
         * MaterializationResource
         * @description The size of a node.
         */
        MaterializationResource: {
            /**
             * Instance Type
             * @default null
             */
            instance_type: string | null;
        };
        /**
         * MedianStopping
         * @description Stop what is worse than the median of the running averages.
         */
        MedianStopping: {
            /**
             * Evaluation Interval
             * @default null
             */
            evaluation_interval: number | null;
            /**
             * Delay Evaluation
             * @default null
             */
            delay_evaluation: number | null;
            /**
             * Type
             * @constant
             */
            type: "median_stopping";
        };
        /**
         * Model
         * @description Files of a model and their format.
         */
        Model: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Version
             * @default null
             */
            version: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            /**
             * Path
             * @default null
             */
            path: string | null;
            /**
             * Type
             * @default custom_model
             * @enum {string}
             */
            type: "custom_model" | "mlflow_model" | "triton_model";
            /**
             * Flavors
             * @default null
             */
            flavors: {
                [key: string]: {
                    [key: string]: unknown;
                };
            } | null;
            /**
             * Stage
             * @default null
             */
            stage: string | null;
            /**
             * Datastore
             * @default null
             */
            datastore: string | null;
            /**
             * System Metadata
             * @default null
             */
            system_metadata: {
                [key: string]: unknown;
            } | null;
            /** @default null */
            default_deployment_template: components["schemas"]["DeploymentTemplate"] | null;
            /**
             * Allowed Deployment Templates
             * @default null
             */
            allowed_deployment_templates: components["schemas"]["DeploymentTemplate"][] | null;
        };
        /**
         * ModelMount
         * @description How the model gets in.
         */
        ModelMount: {
            /**
             * Mode
             * @default null
             */
            mode: ("copy" | "download") | null;
            /**
             * Mount Path
             * @default null
             */
            mount_path: string | null;
        };
        /**
         * ModelPackage
         * @description A model, its server and its environment as one image.
         */
        ModelPackage: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Target Environment
             * @default null
             */
            target_environment: string | {
                [key: string]: string;
            } | null;
            /** @default null */
            base_environment_source: components["schemas"]["EnvironmentSource"] | null;
            /** @default null */
            inferencing_server: components["schemas"]["InferencingServer"] | null;
            /** @default null */
            model_configuration: components["schemas"]["ModelMount"] | null;
            /**
             * Inputs
             * @default null
             */
            inputs: components["schemas"]["PackageInput"][] | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * Monitor
         * @description Signals on a model's data.
         */
        Monitor: {
            /** @default null */
            compute: components["schemas"]["MonitorCompute"] | null;
            /** @default null */
            monitoring_target: components["schemas"]["MonitoringTarget"] | null;
            /**
             * Monitoring Signals
             * @default null
             */
            monitoring_signals: {
                [key: string]: components["schemas"]["Signal"];
            } | null;
            /**
             * Alert Notification
             * @default null
             */
            alert_notification: components["schemas"]["Alerts"] | "azmonitoring" | null;
        };
        /**
         * MonitorCompute
         * @description The Spark session that computes.
         */
        MonitorCompute: {
            /**
             * Instance Type
             * @default null
             */
            instance_type: string | null;
            /**
             * Runtime Version
             * @default null
             */
            runtime_version: string | null;
            /**
             * Compute Type
             * @default null
             */
            compute_type: string | null;
        };
        /**
         * MonitoredData
         * @description Data that is watched, or compared with.
         */
        MonitoredData: {
            /** @default null */
            input_data: components["schemas"]["JobInput"] | null;
            /**
             * Data Context
             * @default null
             */
            data_context: string | null;
            /**
             * Pre Processing Component
             * @default null
             */
            pre_processing_component: string | null;
            /**
             * Target Column Name
             * @default null
             */
            target_column_name: string | null;
            /** @default null */
            data_window: components["schemas"]["DataWindow"] | null;
            /**
             * Data Column Names
             * @default null
             */
            data_column_names: {
                [key: string]: string;
            } | null;
        };
        /**
         * MonitoringTarget
         * @description Which model or deployment is watched.
         */
        MonitoringTarget: {
            /**
             * Ml Task
             * @default null
             */
            ml_task: string | null;
            /**
             * Endpoint Deployment Id
             * @default null
             */
            endpoint_deployment_id: string | null;
            /**
             * Model Id
             * @default null
             */
            model_id: string | null;
        };
        /**
         * Mpi
         * @description Ranks, as mpirun starts them.
         */
        Mpi: {
            /**
             * Type
             * @constant
             */
            type: "mpi";
            /**
             * Process Count Per Instance
             * @default null
             */
            process_count_per_instance: number | null;
        };
        /**
         * NetworkAcls
         * @description Who may enter.
         */
        NetworkAcls: {
            /**
             * Default Action
             * @enum {string}
             */
            default_action: "Deny" | "Allow";
            /**
             * Ip Rules
             * @default null
             */
            ip_rules: components["schemas"]["IpRule"][] | null;
        };
        /**
         * NetworkSettings
         * @description Where the nodes live; kept, not acted on.
         */
        NetworkSettings: {
            /**
             * Vnet Name
             * @default null
             */
            vnet_name: string | null;
            /**
             * Subnet
             * @default null
             */
            subnet: string | null;
        };
        /**
         * NoCredential
         * @description Nobody in particular.
         */
        NoCredential: {
            /**
             * Type
             * @constant
             */
            type: "none";
        };
        /**
         * NodeSource
         * @description Where a node's code or prompt lies.
         */
        NodeSource: {
            /** Type */
            type: string;
            /**
             * Path
             * @default null
             */
            path: string | null;
            /**
             * Tool
             * @default null
             */
            tool: string | null;
        };
        /**
         * Normal
         * @description Around ``mu``, as far as ``sigma`` says.
         */
        Normal: {
            /**
             * Type
             * @enum {string}
             */
            type: "normal" | "lognormal";
            /** Mu */
            mu: number;
            /** Sigma */
            sigma: number;
        };
        /**
         * Notification
         * @description Who hears of which ends.
         */
        Notification: {
            /** Email On */
            email_on: ("JobCompleted" | "JobFailed" | "JobCancelled")[];
            /** Emails */
            emails: string[];
        };
        /**
         * Objective
         * @description Which metric is to become small or large.
         */
        Objective: {
            /**
             * Goal
             * @enum {string}
             */
            goal: "minimize" | "maximize";
            /** Primary Metric */
            primary_metric: string;
        };
        /**
         * OnBehalfOf
         * @description Whose instance it is.
         */
        OnBehalfOf: {
            /**
             * User Tenant Id
             * @default null
             */
            user_tenant_id: string | null;
            /**
             * User Object Id
             * @default null
             */
            user_object_id: string | null;
        };
        /**
         * OnEvent
         * @description After something has happened in the workspace; Azure has no such trigger.
         */
        OnEvent: {
            /**
             * Type
             * @constant
             */
            type: "event";
            /**
             * On
             * @enum {string}
             */
            on: "data_version_created" | "model_registered" | "job_finished";
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Experiment
             * @default null
             */
            experiment: string | null;
            /**
             * Status
             * @default null
             */
            status: ("Completed" | "Failed" | "Canceled")[] | null;
            /**
             * Debounce
             * @default 0
             */
            debounce: number;
        };
        /**
         * OneLakeArtifact
         * @description The lake house.
         */
        OneLakeArtifact: {
            /** Name */
            name: string;
            /**
             * Type
             * @default null
             */
            type: "lake_house" | null;
        };
        /**
         * OnlineDeployment
         * @description A model with what it takes to answer requests.
         */
        OnlineDeployment: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Type
             * @default managed
             * @enum {string}
             */
            type: "managed" | "kubernetes";
            /**
             * Endpoint Name
             * @default null
             */
            endpoint_name: string | null;
            /**
             * Model
             * @default null
             */
            model: (components["schemas"]["Model"] | string) | null;
            /**
             * Environment
             * @default null
             */
            environment: (components["schemas"]["Environment"] | string) | null;
            /** @default null */
            code_configuration: components["schemas"]["CodeConfiguration"] | null;
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: unknown;
            } | null;
            /**
             * Instance Type
             * @default null
             */
            instance_type: string | null;
            /**
             * Instance Count
             * @default null
             */
            instance_count: number | null;
            /**
             * App Insights Enabled
             * @default false
             */
            app_insights_enabled: boolean;
            /**
             * Scale Settings
             * @default null
             */
            scale_settings: (components["schemas"]["DefaultScale"] | components["schemas"]["TargetUtilizationScale"]) | null;
            /** @default null */
            request_settings: components["schemas"]["RequestSettings"] | null;
            /** @default null */
            liveness_probe: components["schemas"]["Probe"] | null;
            /** @default null */
            readiness_probe: components["schemas"]["Probe"] | null;
            /**
             * Model Mount Path
             * @default null
             */
            model_mount_path: string | null;
            /** @default null */
            data_collector: components["schemas"]["DataCollector"] | null;
            /** @default null */
            resources: components["schemas"]["Resources"] | null;
            /**
             * Egress Public Network Access
             * @default null
             */
            egress_public_network_access: ("enabled" | "disabled") | null;
            /**
             * Private Network Connection
             * @default null
             */
            private_network_connection: boolean | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * OnlineEndpoint
         * @description An address, how callers prove themselves, and which deployment gets how much traffic.
         */
        OnlineEndpoint: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Auth Mode
             * @default key
             * @enum {string}
             */
            auth_mode: "key" | "aml_token" | "aad_token";
            /**
             * Traffic
             * @default null
             */
            traffic: {
                [key: string]: number;
            } | null;
            /**
             * Mirror Traffic
             * @default null
             */
            mirror_traffic: {
                [key: string]: number;
            } | null;
            /**
             * Compute
             * @default null
             */
            compute: string | null;
            /**
             * Public Network Access
             * @default null
             */
            public_network_access: ("enabled" | "disabled") | null;
            /** @default null */
            identity: components["schemas"]["ResourceIdentity"] | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * OutboundRule
         * @description One way out of a managed network.
         */
        OutboundRule: {
            /** Name */
            name: string;
            /**
             * Type
             * @enum {string}
             */
            type: "fqdn" | "service_tag" | "private_endpoint";
            /** Destination */
            destination: string | {
                [key: string]: unknown;
            };
            /**
             * Fqdns
             * @default null
             */
            fqdns: string[] | null;
        };
        /**
         * PackageInput
         * @description Something else that goes in.
         */
        PackageInput: {
            /**
             * Type
             * @default null
             */
            type: ("uri_file" | "uri_folder") | null;
            /**
             * Mode
             * @default null
             */
            mode: ("read_only_mount" | "download") | null;
            /** @default null */
            path: components["schemas"]["PackageInputPath"] | null;
            /**
             * Mount Path
             * @default null
             */
            mount_path: string | null;
        };
        /**
         * PackageInputPath
         * @description Where something else lies that goes in.
         */
        PackageInputPath: {
            /**
             * Input Path Type
             * @default null
             */
            input_path_type: ("path_id" | "url" | "path_version") | null;
            /**
             * Resource Id
             * @default null
             */
            resource_id: string | null;
            /**
             * Url
             * @default null
             */
            url: string | null;
            /**
             * Resource Name
             * @default null
             */
            resource_name: string | null;
            /**
             * Resource Version
             * @default null
             */
            resource_version: string | null;
        };
        /**
         * PackageRoute
         * @description A port and a path that the server answers on.
         */
        PackageRoute: {
            /** Port */
            port: string;
            /** Path */
            path: string;
        };
        /**
         * ParallelComponent
         * @description A script over mini-batches, to be used again.
         */
        ParallelComponent: {
            /** @default null */
            task: components["schemas"]["ParallelTask"] | null;
            /**
             * Mini Batch Size
             * @default null
             */
            mini_batch_size: string | null;
            /**
             * Partition Keys
             * @default null
             */
            partition_keys: string[] | null;
            /**
             * Input Data
             * @default null
             */
            input_data: string | null;
            /** @default null */
            resources: components["schemas"]["JobResources"] | null;
            /** @default null */
            retry_settings: components["schemas"]["Retries"] | null;
            /**
             * Logging Level
             * @default null
             */
            logging_level: ("DEBUG" | "INFO" | "WARNING") | null;
            /**
             * Max Concurrency Per Instance
             * @default null
             */
            max_concurrency_per_instance: number | string | null;
            /**
             * Error Threshold
             * @default null
             */
            error_threshold: number | string | null;
            /**
             * Mini Batch Error Threshold
             * @default null
             */
            mini_batch_error_threshold: number | string | null;
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: unknown;
            } | null;
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Version
             * @default null
             */
            version: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Is Deterministic
             * @default null
             */
            is_deterministic: boolean | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["DeclaredInput"];
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["DeclaredOutput"];
            } | null;
            /**
             * Type
             * @constant
             */
            type: "parallel";
        };
        /**
         * ParallelJob
         * @description A script over mini-batches.
         */
        ParallelJob: {
            /** @default null */
            task: components["schemas"]["ParallelTask"] | null;
            /**
             * Mini Batch Size
             * @default null
             */
            mini_batch_size: string | null;
            /**
             * Partition Keys
             * @default null
             */
            partition_keys: string[] | null;
            /**
             * Input Data
             * @default null
             */
            input_data: string | null;
            /** @default null */
            resources: components["schemas"]["JobResources"] | null;
            /** @default null */
            retry_settings: components["schemas"]["Retries"] | null;
            /**
             * Logging Level
             * @default null
             */
            logging_level: ("DEBUG" | "INFO" | "WARNING") | null;
            /**
             * Max Concurrency Per Instance
             * @default null
             */
            max_concurrency_per_instance: number | string | null;
            /**
             * Error Threshold
             * @default null
             */
            error_threshold: number | string | null;
            /**
             * Mini Batch Error Threshold
             * @default null
             */
            mini_batch_error_threshold: number | string | null;
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: unknown;
            } | null;
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Experiment Name
             * @default null
             */
            experiment_name: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: string | null;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: string | null;
            } | null;
            /**
             * Compute
             * @default null
             */
            compute: string | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["JobInput"] | (boolean | number | string);
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["JobOutput"];
            } | null;
            /**
             * Services
             * @default null
             */
            services: {
                [key: string]: components["schemas"]["JobService"];
            } | null;
            /**
             * Identity
             * @default null
             */
            identity: (components["schemas"]["ManagedIdentity"] | components["schemas"]["TokenIdentity"] | components["schemas"]["UserIdentity"]) | null;
            /**
             * Type
             * @constant
             */
            type: "parallel";
            /**
             * Component
             * @default null
             */
            component: (components["schemas"]["ParallelComponent"] | string) | null;
            /** @default null */
            queue_settings: components["schemas"]["Queue"] | null;
            /**
             * Parent Job Name
             * @default null
             */
            parent_job_name: string | null;
        };
        /**
         * ParallelTask
         * @description The script that is called with each mini-batch.
         */
        ParallelTask: {
            /**
             * Type
             * @enum {string}
             */
            type: "run_function" | "model" | "function";
            /**
             * Code
             * @default null
             */
            code: string | null;
            /**
             * Entry Script
             * @default null
             */
            entry_script: string | null;
            /**
             * Program Arguments
             * @default null
             */
            program_arguments: string | null;
            /**
             * Model
             * @default null
             */
            model: string | null;
            /**
             * Append Row To
             * @default null
             */
            append_row_to: string | null;
            /** Environment */
            environment: components["schemas"]["Environment"] | string;
        };
        /**
         * Parameter
         * @description One value given to a stored procedure.
         */
        Parameter: {
            /** Name */
            name: string;
            /** Value */
            value: string;
            /** Type */
            type: string;
        };
        /**
         * Pat
         * @description A personal access token.
         */
        Pat: {
            /**
             * Type
             * @constant
             */
            type: "pat";
            /**
             * Pat
             * @default null
             */
            pat: string | null;
        };
        /**
         * Pattern
         * @description At which times of the day, on which days.
         */
        Pattern: {
            /** Hours */
            hours: number[];
            /** Minutes */
            minutes: number[];
            /**
             * Week Days
             * @default null
             */
            week_days: ("monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday")[] | null;
            /**
             * Month Days
             * @default null
             */
            month_days: number[] | null;
        };
        /**
         * PipelineJob
         * @description Steps that feed each other.
         */
        PipelineJob: {
            /**
             * Jobs
             * @default null
             */
            jobs: {
                [key: string]: {
                    [key: string]: unknown;
                };
            } | null;
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Experiment Name
             * @default null
             */
            experiment_name: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: string | null;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: string | null;
            } | null;
            /**
             * Compute
             * @default null
             */
            compute: string | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["JobInput"] | (boolean | number | string);
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["JobOutput"];
            } | null;
            /**
             * Services
             * @default null
             */
            services: {
                [key: string]: components["schemas"]["JobService"];
            } | null;
            /**
             * Identity
             * @default null
             */
            identity: (components["schemas"]["ManagedIdentity"] | components["schemas"]["TokenIdentity"] | components["schemas"]["UserIdentity"]) | null;
            /**
             * Type
             * @constant
             */
            type: "pipeline";
            /** @default null */
            settings: components["schemas"]["Settings"] | null;
            /**
             * Component
             * @default null
             */
            component: string | {
                [key: string]: unknown;
            } | null;
        };
        /**
         * Probe
         * @description How a replica is asked whether it lives or is ready; times in seconds.
         */
        Probe: {
            /**
             * Period
             * @default null
             */
            period: number | null;
            /**
             * Initial Delay
             * @default null
             */
            initial_delay: number | null;
            /**
             * Timeout
             * @default null
             */
            timeout: number | null;
            /**
             * Success Threshold
             * @default null
             */
            success_threshold: number | null;
            /**
             * Failure Threshold
             * @default null
             */
            failure_threshold: number | null;
        };
        /**
         * PromptSettings
         * @description What is added to the prompt.
         */
        PromptSettings: {
            /**
             * Enable Chain Of Thought
             * @default null
             */
            enable_chain_of_thought: boolean | null;
            /**
             * Enable Chain Of Density
             * @default null
             */
            enable_chain_of_density: boolean | null;
            /**
             * Max Len Summary
             * @default null
             */
            max_len_summary: number | null;
        };
        /**
         * Publisher
         * @description Who the assets belong to.
         */
        Publisher: {
            /**
             * Publisher
             * @default null
             */
            publisher: string | null;
        };
        /**
         * PyTorch
         * @description One process group, as torchrun starts it.
         */
        PyTorch: {
            /**
             * Type
             * @constant
             */
            type: "pytorch";
            /**
             * Process Count Per Instance
             * @default null
             */
            process_count_per_instance: number | null;
        };
        /**
         * QNormal
         * @description The same in steps of ``q``.
         */
        QNormal: {
            /**
             * Type
             * @enum {string}
             */
            type: "qnormal" | "qlognormal";
            /** Mu */
            mu: number;
            /** Sigma */
            sigma: number;
            /** Q */
            q: number;
        };
        /**
         * QUniform
         * @description The same in steps of ``q``.
         */
        QUniform: {
            /**
             * Type
             * @enum {string}
             */
            type: "quniform" | "qloguniform";
            /** Min Value */
            min_value: number;
            /** Max Value */
            max_value: number;
            /** Q */
            q: number;
        };
        /**
         * Queue
         * @description Where in the queue.
         */
        Queue: {
            /**
             * Job Tier
             * @default null
             */
            job_tier: ("null" | "spot" | "basic" | "standard" | "premium") | null;
            /**
             * Priority
             * @default null
             */
            priority: ("low" | "medium" | "high") | null;
        };
        /**
         * Randint
         * @description A whole number below ``upper``.
         */
        Randint: {
            /**
             * Type
             * @constant
             */
            type: "randint";
            /** Upper */
            upper: number;
        };
        /**
         * Random
         * @description Drawn by chance, or along a Sobol sequence.
         */
        Random: {
            /**
             * Type
             * @constant
             */
            type: "random";
            /**
             * Seed
             * @default null
             */
            seed: number | null;
            /**
             * Logbase
             * @default null
             */
            logbase: number | string | null;
            /**
             * Rule
             * @default null
             */
            rule: ("random" | "sobol") | null;
        };
        /**
         * Ray
         * @description A Ray cluster of the job's nodes.
         */
        Ray: {
            /**
             * Type
             * @constant
             */
            type: "ray";
            /**
             * Port
             * @default null
             */
            port: number | null;
            /**
             * Address
             * @default null
             */
            address: string | null;
            /**
             * Include Dashboard
             * @default null
             */
            include_dashboard: boolean | null;
            /**
             * Dashboard Port
             * @default null
             */
            dashboard_port: number | null;
            /**
             * Head Node Additional Args
             * @default null
             */
            head_node_additional_args: string | null;
            /**
             * Worker Node Additional Args
             * @default null
             */
            worker_node_additional_args: string | null;
        };
        /**
         * Recurrence
         * @description Every so many minutes, hours, days, weeks or months.
         */
        Recurrence: {
            /**
             * Start Time
             * @default null
             */
            start_time: string | null;
            /**
             * End Time
             * @default null
             */
            end_time: string | null;
            /**
             * Time Zone
             * @default null
             */
            time_zone: string | null;
            /**
             * Type
             * @constant
             */
            type: "recurrence";
            /**
             * Frequency
             * @enum {string}
             */
            frequency: "minute" | "hour" | "day" | "week" | "month";
            /** Interval */
            interval: number;
            /** @default null */
            schedule: components["schemas"]["Pattern"] | null;
        };
        /**
         * Region
         * @description One place that keeps a copy.
         */
        Region: {
            /**
             * Location
             * @default null
             */
            location: string | null;
            /**
             * Storage Config
             * @default null
             */
            storage_config: (components["schemas"]["Storage"] | string[]) | null;
        };
        /**
         * Registry
         * @description Assets shared between workspaces.
         */
        Registry: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Location
             * @default null
             */
            location: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /** @default null */
            identity: components["schemas"]["ResourceIdentity"] | null;
            /**
             * Public Network Access
             * @default null
             */
            public_network_access: ("enabled" | "disabled") | null;
            /**
             * Replication Locations
             * @default null
             */
            replication_locations: components["schemas"]["Region"][] | null;
            /** @default null */
            intellectual_property: components["schemas"]["Publisher"] | null;
            /**
             * Container Registry
             * @default null
             */
            container_registry: (components["schemas"]["Container"] | string) | null;
        };
        /**
         * RequestLogging
         * @description What of a request is kept.
         */
        RequestLogging: {
            /**
             * Capture Headers
             * @default null
             */
            capture_headers: string[] | null;
        };
        /**
         * RequestPace
         * @description How many questions at once, and how many answers must come.
         */
        RequestPace: {
            /**
             * Request Batch Size
             * @default null
             */
            request_batch_size: number | null;
            /**
             * Min Endpoint Success Ratio
             * @default null
             */
            min_endpoint_success_ratio: number | null;
        };
        /**
         * RequestSettings
         * @description How much a replica takes on, and how long a request may take.
         */
        RequestSettings: {
            /**
             * Request Timeout Ms
             * @default null
             */
            request_timeout_ms: number | null;
            /**
             * Max Concurrent Requests Per Instance
             * @default null
             */
            max_concurrent_requests_per_instance: number | null;
            /**
             * Max Queue Wait Ms
             * @default null
             */
            max_queue_wait_ms: number | null;
        };
        /**
         * ResourceAmount
         * @description In Kubernetes' units.
         */
        ResourceAmount: {
            /**
             * Cpu
             * @default null
             */
            cpu: string | null;
            /**
             * Memory
             * @default null
             */
            memory: string | null;
            /**
             * Gpu
             * @default null
             */
            gpu: string | null;
        };
        /**
         * ResourceIdentity
         * @description The identity of an endpoint, a compute or a workspace.
         */
        ResourceIdentity: {
            /**
             * Type
             * @default null
             */
            type: ("system_assigned" | "user_assigned" | "none" | "system_assigned,user_assigned") | null;
            /**
             * User Assigned Identities
             * @default null
             */
            user_assigned_identities: components["schemas"]["AssignedIdentity"][] | {
                [key: string]: components["schemas"]["AssignedIdentity"] | null;
            } | null;
        };
        /**
         * Resources
         * @description What a replica asks for and may use.
         */
        Resources: {
            /** @default null */
            requests: components["schemas"]["ResourceAmount"] | null;
            /** @default null */
            limits: components["schemas"]["ResourceAmount"] | null;
        };
        /**
         * Retries
         * @description How long a mini-batch may take, in seconds, and how often it is tried again.
         */
        Retries: {
            /**
             * Timeout
             * @default null
             */
            timeout: number | string | null;
            /**
             * Max Retries
             * @default null
             */
            max_retries: number | string | null;
        };
        /**
         * Route
         * @description A port and a path that a container answers on.
         */
        Route: {
            /** Port */
            port: number;
            /** Path */
            path: string;
        };
        /**
         * Rows
         * @description How many there are.
         */
        Rows: {
            /**
             * Min
             * @default null
             */
            min: number | null;
            /**
             * Max
             * @default null
             */
            max: number | null;
        };
        /**
         * Sas
         * @description A signed address.
         */
        Sas: {
            /**
             * Type
             * @constant
             */
            type: "sas";
            /**
             * Sas Token
             * @default null
             */
            sas_token: string | null;
        };
        /**
         * Schedule
         * @description A trigger and what it starts: one of a job, a monitor and an import.
         */
        Schedule: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Trigger
             * @default null
             */
            trigger: (components["schemas"]["Cron"] | components["schemas"]["Recurrence"] | components["schemas"]["OnEvent"]) | null;
            /**
             * Create Job
             * @default null
             */
            create_job: string | {
                [key: string]: unknown;
            } | null;
            /** @default null */
            create_monitor: components["schemas"]["Monitor"] | null;
            /**
             * Import Data
             * @default null
             */
            import_data: string | {
                [key: string]: unknown;
            } | null;
            /**
             * Is Enabled
             * @default null
             */
            is_enabled: boolean | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * Schedules
         * @description When an instance starts and stops.
         */
        Schedules: {
            /**
             * Compute Start Stop
             * @default null
             */
            compute_start_stop: components["schemas"]["StartStop"][] | null;
        };
        /**
         * ServerlessCompute
         * @description Where serverless computes live.
         */
        ServerlessCompute: {
            /**
             * Custom Subnet
             * @default null
             */
            custom_subnet: string | null;
            /**
             * No Public Ip
             * @default false
             */
            no_public_ip: boolean;
        };
        /**
         * ServerlessEndpoint
         * @description A model of a catalogue behind an address.
         */
        ServerlessEndpoint: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Model Id
             * @default null
             */
            model_id: string | null;
            /**
             * Auth Mode
             * @default null
             */
            auth_mode: "key" | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Location
             * @default null
             */
            location: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * ServicePrincipal
         * @description An application's identity.
         */
        ServicePrincipal: {
            /**
             * Type
             * @constant
             */
            type: "service_principal";
            /**
             * Client Id
             * @default null
             */
            client_id: string | null;
            /**
             * Client Secret
             * @default null
             */
            client_secret: string | null;
            /**
             * Tenant Id
             * @default null
             */
            tenant_id: string | null;
        };
        /**
         * Settings
         * @description What holds for all steps.
         */
        Settings: {
            /**
             * Default Compute
             * @default null
             */
            default_compute: string | null;
            /**
             * Default Datastore
             * @default null
             */
            default_datastore: string | null;
            /**
             * Continue On Step Failure
             * @default null
             */
            continue_on_step_failure: boolean | null;
            /**
             * Force Rerun
             * @default null
             */
            force_rerun: boolean | null;
            /**
             * On Init
             * @default null
             */
            on_init: string | null;
            /**
             * On Finalize
             * @default null
             */
            on_finalize: string | null;
        };
        /**
         * Signal
         * @description One thing that is watched.
         */
        Signal: {
            /**
             * Type
             * @enum {string}
             */
            type: "data_drift" | "data_quality" | "prediction_drift" | "feature_attribution_drift" | "model_performance" | "custom" | "generation_safety_quality" | "generation_token_statistics";
            /**
             * Production Data
             * @default null
             */
            production_data: components["schemas"]["MonitoredData"] | components["schemas"]["MonitoredData"][] | null;
            /** @default null */
            reference_data: components["schemas"]["MonitoredData"] | null;
            /**
             * Features
             * @default null
             */
            features: {
                [key: string]: number;
            } | string | string[] | null;
            /**
             * Feature Type Override
             * @default null
             */
            feature_type_override: {
                [key: string]: string;
            } | null;
            /**
             * Data Segment
             * @default null
             */
            data_segment: {
                [key: string]: unknown;
            } | null;
            /**
             * Metric Thresholds
             * @default null
             */
            metric_thresholds: {
                [key: string]: unknown;
            } | {
                [key: string]: unknown;
            }[] | null;
            /**
             * Alert Enabled
             * @default null
             */
            alert_enabled: boolean | null;
            /**
             * Component Id
             * @default null
             */
            component_id: string | null;
            /** @default null */
            connection: components["schemas"]["SignalConnection"] | null;
            /**
             * Connection Id
             * @default null
             */
            connection_id: string | null;
            /**
             * Input Data
             * @default null
             */
            input_data: {
                [key: string]: components["schemas"]["MonitoredData"];
            } | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: unknown;
            } | null;
            /**
             * Sampling Rate
             * @default null
             */
            sampling_rate: number | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * SignalConnection
         * @description Variables and secrets of a custom signal.
         */
        SignalConnection: {
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: string;
            } | null;
            /**
             * Secret Config
             * @default null
             */
            secret_config: {
                [key: string]: string;
            } | null;
        };
        /**
         * SparkComponent
         * @description A script on a Spark session, to be used again.
         */
        SparkComponent: {
            /** @default null */
            entry: components["schemas"]["Entry"] | null;
            /**
             * Code
             * @default null
             */
            code: string | null;
            /**
             * Args
             * @default null
             */
            args: string | null;
            /**
             * Py Files
             * @default null
             */
            py_files: string[] | null;
            /**
             * Jars
             * @default null
             */
            jars: string[] | null;
            /**
             * Files
             * @default null
             */
            files: string[] | null;
            /**
             * Archives
             * @default null
             */
            archives: string[] | null;
            /**
             * Conf
             * @default null
             */
            conf: {
                [key: string]: unknown;
            } | null;
            /**
             * Environment
             * @default null
             */
            environment: (components["schemas"]["Environment"] | string) | null;
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Version
             * @default null
             */
            version: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Is Deterministic
             * @default null
             */
            is_deterministic: boolean | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["DeclaredInput"];
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["DeclaredOutput"];
            } | null;
            /**
             * Type
             * @constant
             */
            type: "spark";
            /**
             * Additional Includes
             * @default null
             */
            additional_includes: string[] | null;
        };
        /**
         * SparkJob
         * @description A script on a Spark session.
         */
        SparkJob: {
            /** @default null */
            entry: components["schemas"]["Entry"] | null;
            /**
             * Code
             * @default null
             */
            code: string | null;
            /**
             * Args
             * @default null
             */
            args: string | null;
            /**
             * Py Files
             * @default null
             */
            py_files: string[] | null;
            /**
             * Jars
             * @default null
             */
            jars: string[] | null;
            /**
             * Files
             * @default null
             */
            files: string[] | null;
            /**
             * Archives
             * @default null
             */
            archives: string[] | null;
            /**
             * Conf
             * @default null
             */
            conf: {
                [key: string]: unknown;
            } | null;
            /**
             * Environment
             * @default null
             */
            environment: (components["schemas"]["Environment"] | string) | null;
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Experiment Name
             * @default null
             */
            experiment_name: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: string | null;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: string | null;
            } | null;
            /**
             * Compute
             * @default null
             */
            compute: string | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["JobInput"] | (boolean | number | string);
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["JobOutput"];
            } | null;
            /**
             * Services
             * @default null
             */
            services: {
                [key: string]: components["schemas"]["JobService"];
            } | null;
            /**
             * Identity
             * @default null
             */
            identity: (components["schemas"]["ManagedIdentity"] | components["schemas"]["TokenIdentity"] | components["schemas"]["UserIdentity"]) | null;
            /**
             * Type
             * @constant
             */
            type: "spark";
            /**
             * Component
             * @default null
             */
            component: (components["schemas"]["SparkComponent"] | string) | null;
            /** @default null */
            resources: components["schemas"]["SparkResources"] | null;
        };
        /**
         * SparkResources
         * @description The size of a node and Spark's version.
         */
        SparkResources: {
            /**
             * Instance Type
             * @default null
             */
            instance_type: string | null;
            /**
             * Runtime Version
             * @default null
             */
            runtime_version: string | null;
        };
        /**
         * Specification
         * @description The folder that says what the features are.
         */
        Specification: {
            /** Path */
            path: string;
        };
        /**
         * SshSettings
         * @description How to log in to a node.
         */
        SshSettings: {
            /**
             * Admin Username
             * @default null
             */
            admin_username: string | null;
            /**
             * Admin Password
             * @default null
             */
            admin_password: string | null;
            /**
             * Ssh Key Value
             * @default null
             */
            ssh_key_value: string | null;
            /**
             * Ssh Port
             * @default null
             */
            ssh_port: number | null;
            /**
             * Ssh Private Key File
             * @default null
             */
            ssh_private_key_file: string | null;
        };
        /**
         * StackEnsemble
         * @description The model that combines the others.
         */
        StackEnsemble: {
            /**
             * Stack Meta Learner Type
             * @default null
             */
            stack_meta_learner_type: string | null;
            /**
             * Stack Meta Learner Kwargs
             * @default null
             */
            stack_meta_learner_kwargs: {
                [key: string]: unknown;
            } | null;
            /**
             * Stack Meta Learner Train Percentage
             * @default null
             */
            stack_meta_learner_train_percentage: number | null;
        };
        /**
         * StartStop
         * @description One time at which an instance is started or stopped.
         */
        StartStop: {
            /**
             * Action
             * @enum {string}
             */
            action: "start" | "stop";
            /**
             * State
             * @default enabled
             * @enum {string}
             */
            state: "enabled" | "disabled";
            trigger: components["schemas"]["Trigger"];
        };
        /**
         * Storage
         * @description A storage account made for it.
         */
        Storage: {
            /**
             * Storage Account Hns
             * @default false
             */
            storage_account_hns: boolean;
            /**
             * Storage Account Type
             * @default null
             */
            storage_account_type: string | null;
            /**
             * Replication Count
             * @default 1
             */
            replication_count: number;
        };
        /**
         * SweepJob
         * @description One command, tried with many values.
         */
        SweepJob: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Experiment Name
             * @default null
             */
            experiment_name: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: string | null;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: string | null;
            } | null;
            /**
             * Compute
             * @default null
             */
            compute: string | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["JobInput"] | (boolean | number | string);
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["JobOutput"];
            } | null;
            /**
             * Services
             * @default null
             */
            services: {
                [key: string]: components["schemas"]["JobService"];
            } | null;
            /**
             * Identity
             * @default null
             */
            identity: (components["schemas"]["ManagedIdentity"] | components["schemas"]["TokenIdentity"] | components["schemas"]["UserIdentity"]) | null;
            /**
             * Type
             * @default sweep
             * @constant
             */
            type: "sweep";
            /** Trial */
            trial: components["schemas"]["Trial"] | components["schemas"]["TrialComponent"] | string;
            /**
             * Sampling Algorithm
             * @default null
             */
            sampling_algorithm: (components["schemas"]["Random"] | components["schemas"]["Grid"] | components["schemas"]["Bayesian"] | components["schemas"]["Learning"]) | null;
            /**
             * Search Space
             * @default null
             */
            search_space: {
                [key: string]: components["schemas"]["Choice"] | components["schemas"]["Uniform"] | components["schemas"]["QUniform"] | components["schemas"]["Normal"] | components["schemas"]["QNormal"] | components["schemas"]["Randint"];
            } | null;
            /** Objective */
            objective: components["schemas"]["Objective"] | components["schemas"]["Objective"][];
            /**
             * Early Termination
             * @default null
             */
            early_termination: (components["schemas"]["Bandit"] | components["schemas"]["MedianStopping"] | components["schemas"]["Truncation"] | components["schemas"]["Halving"]) | null;
            limits: components["schemas"]["SweepLimits"];
            /** @default null */
            queue_settings: components["schemas"]["Queue"] | null;
            /** @default null */
            resources: components["schemas"]["JobResources"] | null;
            /**
             * Warm Start
             * @default null
             */
            warm_start: string[] | null;
            /**
             * Resume
             * @default null
             */
            resume: string | null;
        };
        /**
         * SweepLimits
         * @description How many trials, how many at once, how long; times in seconds.
         */
        SweepLimits: {
            /**
             * Max Total Trials
             * @default null
             */
            max_total_trials: number | null;
            /**
             * Max Concurrent Trials
             * @default null
             */
            max_concurrent_trials: number | null;
            /**
             * Timeout
             * @default null
             */
            timeout: number | null;
            /**
             * Trial Timeout
             * @default null
             */
            trial_timeout: number | null;
        };
        /**
         * TargetUtilizationScale
         * @description Between two bounds, by utilization.
         */
        TargetUtilizationScale: {
            /**
             * Type
             * @constant
             */
            type: "target_utilization";
            /**
             * Min Instances
             * @default null
             */
            min_instances: number | null;
            /**
             * Max Instances
             * @default null
             */
            max_instances: number | null;
            /**
             * Polling Interval
             * @default null
             */
            polling_interval: number | null;
            /**
             * Target Utilization Percentage
             * @default null
             */
            target_utilization_percentage: number | null;
        };
        /**
         * TeacherConnection
         * @description Where the large model answers.
         */
        TeacherConnection: {
            /** Type */
            type: string;
            /** Name */
            name: string;
            /**
             * Endpoint
             * @default null
             */
            endpoint: string | null;
            /**
             * Target
             * @default null
             */
            target: string | null;
            /**
             * Api Key
             * @default null
             */
            api_key: string | null;
            /**
             * Credentials
             * @default null
             */
            credentials: {
                [key: string]: unknown;
            } | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Metadata
             * @default null
             */
            metadata: {
                [key: string]: unknown;
            } | null;
            /**
             * Is Shared
             * @default null
             */
            is_shared: boolean | null;
        };
        /**
         * TeacherSettings
         * @description How the large model is asked.
         */
        TeacherSettings: {
            /**
             * Inference Parameters
             * @default null
             */
            inference_parameters: {
                [key: string]: unknown;
            } | null;
            /** @default null */
            endpoint_request_settings: components["schemas"]["RequestPace"] | null;
        };
        /**
         * TensorFlow
         * @description Workers and parameter servers, told of each other by TF_CONFIG.
         */
        TensorFlow: {
            /**
             * Type
             * @constant
             */
            type: "tensorflow";
            /**
             * Parameter Server Count
             * @default 0
             */
            parameter_server_count: number;
            /**
             * Worker Count
             * @default null
             */
            worker_count: number | null;
        };
        /**
         * TokenIdentity
         * @description A token of the job's own.
         */
        TokenIdentity: {
            /**
             * Type
             * @constant
             */
            type: "aml_token";
        };
        /**
         * Training
         * @description Which algorithms are tried, and what is made of the best.
         */
        Training: {
            /**
             * Allowed Training Algorithms
             * @default null
             */
            allowed_training_algorithms: string[] | null;
            /**
             * Blocked Training Algorithms
             * @default null
             */
            blocked_training_algorithms: string[] | null;
            /**
             * Enable Dnn Training
             * @default null
             */
            enable_dnn_training: boolean | null;
            /**
             * Enable Model Explainability
             * @default null
             */
            enable_model_explainability: boolean | null;
            /**
             * Enable Onnx Compatible Models
             * @default null
             */
            enable_onnx_compatible_models: boolean | null;
            /**
             * Enable Stack Ensemble
             * @default null
             */
            enable_stack_ensemble: boolean | null;
            /**
             * Enable Vote Ensemble
             * @default null
             */
            enable_vote_ensemble: boolean | null;
            /**
             * Ensemble Model Download Timeout Minutes
             * @default null
             */
            ensemble_model_download_timeout_minutes: number | null;
            /** @default null */
            stack_ensemble_settings: components["schemas"]["StackEnsemble"] | null;
            /**
             * Training Mode
             * @default null
             */
            training_mode: ("auto" | "distributed" | "non_distributed") | null;
        };
        /**
         * Trial
         * @description The command that is tried.
         */
        Trial: {
            /** Command */
            command: string;
            /** Environment */
            environment: components["schemas"]["Environment"] | string;
            /**
             * Code
             * @default null
             */
            code: string | null;
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: unknown;
            } | null;
            /** @default null */
            resources: components["schemas"]["JobResources"] | null;
            /**
             * Distribution
             * @default null
             */
            distribution: (components["schemas"]["PyTorch"] | components["schemas"]["TensorFlow"] | components["schemas"]["Mpi"] | components["schemas"]["Ray"] | components["schemas"]["Dask"]) | null;
        };
        /**
         * TrialComponent
         * @description A command component written out: what is searched for are inputs of its own.
         */
        TrialComponent: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Version
             * @default null
             */
            version: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /**
             * Properties
             * @default null
             */
            properties: {
                [key: string]: unknown;
            } | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Is Deterministic
             * @default null
             */
            is_deterministic: boolean | null;
            /**
             * Inputs
             * @default null
             */
            inputs: {
                [key: string]: components["schemas"]["DeclaredInput"];
            } | null;
            /**
             * Outputs
             * @default null
             */
            outputs: {
                [key: string]: components["schemas"]["DeclaredOutput"];
            } | null;
            /**
             * Type
             * @default command
             * @constant
             */
            type: "command";
            /** Command */
            command: string;
            /**
             * Code
             * @default null
             */
            code: string | null;
            /** @default null */
            resources: components["schemas"]["JobResources"] | null;
            /**
             * Distribution
             * @default null
             */
            distribution: (components["schemas"]["PyTorch"] | components["schemas"]["TensorFlow"] | components["schemas"]["Mpi"] | components["schemas"]["Ray"] | components["schemas"]["Dask"]) | null;
            /**
             * Additional Includes
             * @default null
             */
            additional_includes: string[] | null;
            /**
             * Environment Variables
             * @default null
             */
            environment_variables: {
                [key: string]: unknown;
            } | null;
            /** Environment */
            environment: components["schemas"]["Environment"] | string;
        };
        /**
         * Trigger
         * @description When: a cron line, or a recurrence.
         */
        Trigger: {
            /**
             * Type
             * @enum {string}
             */
            type: "cron" | "recurrence";
            /**
             * Start Time
             * @default null
             */
            start_time: string | null;
            /**
             * Time Zone
             * @default null
             */
            time_zone: string | null;
            /**
             * Expression
             * @default null
             */
            expression: string | null;
            /**
             * Frequency
             * @default null
             */
            frequency: ("minute" | "hour" | "day" | "week" | "month") | null;
            /**
             * Interval
             * @default null
             */
            interval: number | null;
            /**
             * Schedule
             * @default null
             */
            schedule: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * Truncation
         * @description Stop the worst part.
         */
        Truncation: {
            /**
             * Evaluation Interval
             * @default null
             */
            evaluation_interval: number | null;
            /**
             * Delay Evaluation
             * @default null
             */
            delay_evaluation: number | null;
            /**
             * Type
             * @constant
             */
            type: "truncation_selection";
            /** Truncation Percentage */
            truncation_percentage: number;
            /**
             * Exclude Finished Jobs
             * @default null
             */
            exclude_finished_jobs: boolean | null;
        };
        /**
         * TuningResources
         * @description Sizes of a node, any of which will do.
         */
        TuningResources: {
            /**
             * Instance Types
             * @default null
             */
            instance_types: string[] | null;
        };
        /**
         * Uniform
         * @description Anything between two bounds, evenly or evenly in its logarithm.
         */
        Uniform: {
            /**
             * Type
             * @enum {string}
             */
            type: "uniform" | "loguniform";
            /** Min Value */
            min_value: number;
            /** Max Value */
            max_value: number;
        };
        /**
         * UserIdentity
         * @description Whoever submits the job.
         */
        UserIdentity: {
            /**
             * Type
             * @constant
             */
            type: "user_identity";
        };
        /**
         * UsernamePassword
         * @description A name and a password.
         */
        UsernamePassword: {
            /**
             * Type
             * @constant
             */
            type: "username_password";
            /**
             * Username
             * @default null
             */
            username: string | null;
            /**
             * Password
             * @default null
             */
            password: string | null;
        };
        /**
         * Workspace
         * @description A place of its own for jobs, assets and endpoints.
         */
        Workspace: {
            /**
             * Name
             * @default null
             */
            name: string | null;
            /**
             * Description
             * @default null
             */
            description: string | null;
            /**
             * Location
             * @default null
             */
            location: string | null;
            /**
             * Kind
             * @default null
             */
            kind: string | null;
            /**
             * Display Name
             * @default null
             */
            display_name: string | null;
            /**
             * Tags
             * @default null
             */
            tags: {
                [key: string]: unknown;
            } | null;
            /** @default null */
            identity: components["schemas"]["ResourceIdentity"] | null;
            /**
             * Hbi Workspace
             * @default null
             */
            hbi_workspace: boolean | null;
            /**
             * Storage Account
             * @default null
             */
            storage_account: string | null;
            /**
             * Container Registry
             * @default null
             */
            container_registry: string | null;
            /**
             * Key Vault
             * @default null
             */
            key_vault: string | null;
            /**
             * Application Insights
             * @default null
             */
            application_insights: string | null;
            /** @default null */
            customer_managed_key: components["schemas"]["CustomerKey"] | null;
            /**
             * Image Build Compute
             * @default null
             */
            image_build_compute: string | null;
            /**
             * Public Network Access
             * @default null
             */
            public_network_access: ("enabled" | "disabled") | null;
            /** @default null */
            network_acls: components["schemas"]["NetworkAcls"] | null;
            /**
             * System Datastores Auth Mode
             * @default null
             */
            system_datastores_auth_mode: string | null;
            /**
             * Primary User Assigned Identity
             * @default null
             */
            primary_user_assigned_identity: string | null;
            /**
             * Workspace Hub
             * @default null
             */
            workspace_hub: string | null;
            /**
             * Hub Id
             * @default null
             */
            hub_id: string | null;
            /**
             * Default Resource Group
             * @default null
             */
            default_resource_group: string | null;
            /** @default null */
            managed_network: components["schemas"]["ManagedNetwork"] | null;
            /**
             * Provision Network Now
             * @default null
             */
            provision_network_now: boolean | null;
            /**
             * Enable Data Isolation
             * @default null
             */
            enable_data_isolation: boolean | null;
            /**
             * Allow Roleassignment On Rg
             * @default null
             */
            allow_roleassignment_on_rg: boolean | null;
            /** @default null */
            serverless_compute: components["schemas"]["ServerlessCompute"] | null;
        };
        Component: components["schemas"]["AutoMLJob"] | components["schemas"]["CommandJob"] | components["schemas"]["DistillationJob"] | components["schemas"]["FineTuningJob"] | components["schemas"]["ImportJob"] | components["schemas"]["ParallelJob"] | components["schemas"]["PipelineJob"] | components["schemas"]["SparkJob"] | components["schemas"]["SweepJob"];
        Job: components["schemas"]["AutoMLJob"] | components["schemas"]["CommandJob"] | components["schemas"]["DistillationJob"] | components["schemas"]["FineTuningJob"] | components["schemas"]["ImportJob"] | components["schemas"]["ParallelJob"] | components["schemas"]["PipelineJob"] | components["schemas"]["SparkJob"] | components["schemas"]["SweepJob"];
        Error: {
            error: {
                code: string;
                message: string;
                target?: string | null;
                details?: Record<string, never>[];
            };
        };
        Resource: {
            id: string;
            kind: string;
            workspace?: string;
            name: string;
            version?: string;
            parent?: string;
            /** @description What was asked for, in the spelling of the YAML. */
            spec: {
                [key: string]: unknown;
            };
            /** @description What the server knows of it: status or provisioning_state, reason, times. */
            state: {
                [key: string]: unknown;
            };
            system: {
                /** Format: date-time */
                created_at: string;
                created_by: string;
                /** Format: date-time */
                modified_at: string;
                modified_by: string;
                archived: boolean;
            };
        };
        ResourceList: {
            value: components["schemas"]["Resource"][];
            /**
             * Format: uri
             * @description The next page; absent on the last.
             */
            next?: string;
        };
        File: {
            path: string;
            size: number;
        };
        FileList: {
            value: components["schemas"]["File"][];
            /**
             * Format: uri
             * @description The next page; absent on the last.
             */
            next?: string;
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
    post_login_links: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_jobs_validate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_jobs_name_why: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_jobs_name_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_jobs_name_logs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_jobs_name_logs_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_jobs_name_files: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_jobs_name_files_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_jobs_name_services: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_jobs_name_services_service: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_jobs_name_services_service_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                service: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_jobs_name_services_service_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                service: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_jobs_name_services_service_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                service: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_jobs_name_services_service_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                service: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    patch_workspaces_ws_jobs_name_services_service_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                service: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_jobs_plan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_jobs_name_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_jobs_name_approve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_jobs_name_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_online_endpoints_name_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_online_endpoints_name_keys_regenerate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_online_endpoints_name_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_online_endpoints_name_deployments_deployment_logs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                deployment: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_computes_name_nodes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_compute_sizes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_compute_usage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_computes_name_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_computes_name_stop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_computes_name_restart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_schedules_name_enable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_schedules_name_disable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_schedules_name_trigger: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_schedules_name_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_connections_name_secrets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_jobs_name_secrets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_jobs_name_secrets_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_datastores_name_secrets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_datastores_name_check: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_codes: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_codes_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_codes_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_codes_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_codes_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Code"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_codes_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_codes_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_registries_registry_codes_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Code"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_codes_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_components: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_components_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_components_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_components_name_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_components_name_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_components_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_components_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Component"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_components_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_components_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_registries_registry_components_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Component"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_components_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_components_name_versions_version_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_components_name_versions_version_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_data: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_data_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_data_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_data_name_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_data_name_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_data_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_data_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Data"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_data_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_data_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_registries_registry_data_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Data"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_data_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_data_name_versions_version_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_data_name_versions_version_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_environments: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_environments_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_environments_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_environments_name_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_environments_name_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_environments_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_environments_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Environment"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_environments_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_environments_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_registries_registry_environments_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Environment"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_environments_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_environments_name_versions_version_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_environments_name_versions_version_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_feature_sets: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_feature_sets_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_feature_sets_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_feature_sets_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_feature_sets_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeatureSet"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_feature_sets_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_feature_sets_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_registries_registry_feature_sets_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeatureSet"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_feature_sets_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_feature_store_entities: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_feature_store_entities_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_feature_store_entities_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_feature_store_entities_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_feature_store_entities_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeatureStoreEntity"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_feature_store_entities_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_feature_store_entities_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_registries_registry_feature_store_entities_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeatureStoreEntity"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_feature_store_entities_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_models: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_models_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_models_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_models_name_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_models_name_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_models_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_models_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Model"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_models_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_models_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_registries_registry_models_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Model"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_registry_models_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_models_name_versions_version_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_models_name_versions_version_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_data_name_versions_version_preview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_data_name_versions_version_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_data_name_versions_version_verification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_data_name_versions_version_verify: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_environments_inspect: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_environments_diff: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_environments_lock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_environments_forget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_data_name_versions_version_files: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_data_name_versions_version_files_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_data_name_versions_version_files: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_data_name_versions_version_files_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_models_name_versions_version_files: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_models_name_versions_version_files_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_models_name_versions_version_files: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_registry_models_name_versions_version_files_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                name: string;
                version: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_uploads: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_uploads_id_pack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_uploads_id_commit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_uploads: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_registries_registry_uploads_id_pack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_registries_registry_uploads_id_commit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                registry: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_locate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_datastores_name_files: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FileList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_datastores_name_files_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_datastores_name_files_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_datastores_name_files_path_path: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_events: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_batch_endpoints_parent_deployments: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
                parent: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_batch_endpoints_parent_deployments_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                parent: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_batch_endpoints_parent_deployments_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                parent: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchDeployment"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_batch_endpoints_parent_deployments_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                parent: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_batch_endpoints: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_batch_endpoints_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_batch_endpoints_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchEndpoint"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_batch_endpoints_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_codes: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_codes_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_codes_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_codes_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_codes_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Code"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_codes_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_codes_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_codes_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Code"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_codes_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_components: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_components_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_components_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_components_name_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_components_name_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_components_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_components_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Component"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_components_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_components_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_components_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Component"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_components_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_components_name_versions_version_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_components_name_versions_version_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_computes: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_computes_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_computes_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Compute"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_computes_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_connections: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_connections_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_connections_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Connection"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_connections_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_data: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_data_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_data_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_data_name_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_data_name_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_data_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_data_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Data"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_data_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_data_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_data_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Data"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_data_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_data_name_versions_version_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_data_name_versions_version_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_data_imports: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_data_imports_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_data_imports_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DataImport"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_data_imports_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_datastores: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_datastores_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_datastores_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Datastore"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_datastores_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_environments: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_environments_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_environments_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_environments_name_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_environments_name_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_environments_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_environments_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Environment"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_environments_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_environments_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_environments_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Environment"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_environments_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_environments_name_versions_version_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_environments_name_versions_version_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_feature_sets: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_feature_sets_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_feature_sets_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_feature_sets_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_feature_sets_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeatureSet"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_feature_sets_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_feature_sets_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_feature_sets_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeatureSet"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_feature_sets_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_feature_store_entities: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_feature_store_entities_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_feature_store_entities_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_feature_store_entities_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_feature_store_entities_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeatureStoreEntity"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_feature_store_entities_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_feature_store_entities_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_feature_store_entities_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FeatureStoreEntity"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_feature_store_entities_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_flows: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_flows_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_flows_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Flow"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_flows_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_flow_runs: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_flow_runs_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_flow_runs_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FlowRun"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_flow_runs_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_jobs: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_jobs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Job"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_jobs_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_jobs_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Job"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_jobs_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_jobs_name_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_jobs_name_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_models: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_models_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_models_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_models_name_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_models_name_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_models_name_versions: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_models_name_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Model"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_models_name_labels_label: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                label: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_models_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_models_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Model"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_models_name_versions_version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_models_name_versions_version_archive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_workspaces_ws_models_name_versions_version_restore: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_model_packages: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_model_packages_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_model_packages_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelPackage"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_model_packages_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_online_endpoints_parent_deployments: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
                parent: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_online_endpoints_parent_deployments_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                parent: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_online_endpoints_parent_deployments_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                parent: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OnlineDeployment"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_online_endpoints_parent_deployments_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                parent: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_online_endpoints: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_online_endpoints_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_online_endpoints_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OnlineEndpoint"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_online_endpoints_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_registries_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_registries_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Registry"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_registries_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_schedules: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_schedules_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_schedules_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Schedule"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_schedules_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_serverless_endpoints: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path: {
                ws: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_ws_serverless_endpoints_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_ws_serverless_endpoints_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServerlessEndpoint"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_ws_serverless_endpoints_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                ws: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces: {
        parameters: {
            query?: {
                list_view?: "active" | "archived" | "all";
                top?: number;
                skip?: number;
                tag?: string;
                filter?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_workspaces_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_workspaces_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Workspace"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_workspaces_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_openapi_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What was wrong and what to do */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
